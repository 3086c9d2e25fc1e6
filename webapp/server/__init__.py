"""The site: Django, and the Celery application that its tasks belong to."""

"""The WSGI application of the vault's admin."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vault.host.admin_settings")

application = get_wsgi_application()
# Tasks can be rung from the admin: the Celery application must be the configured one there.
from . import celery  # noqa: E402

assert celery

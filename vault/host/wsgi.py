"""The WSGI application of the vault's API, that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vault.host.settings")

application = get_wsgi_application()

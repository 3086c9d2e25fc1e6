"""The notices room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Mail that Coffer owes somebody."""

    name = "webapp.server.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from . import receivers

        receivers.connect()

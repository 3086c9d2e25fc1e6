"""The ops room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpsConfig(AppConfig):
    """The clock, the set-up and the health of this server."""

    name = "webapp.server.ops"
    label = "ops"
    verbose_name = _("Operations")

    def ready(self) -> None:
        # Tasks are rung from the web processes too: the Celery application must be the configured one there.
        from vault.host import run_log
        from webapp.server import celery  # noqa: F401

        from .dashboard import on_the_front_page
        from .models import TaskRun

        run_log.connect(TaskRun, "default")
        on_the_front_page()

"""The vault's own worker and clock."""

import os
import warnings
from typing import Any, cast

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vault.host.settings")

from django.conf import settings as django_settings

from . import clockwork, file_broker

settings = cast(Any, django_settings)
app = Celery("coffer-vault")

if not settings.PRODUCTION:
    # On a development machine, often a container, the only user may be root; on a public server the warning stands.
    warnings.filterwarnings("ignore", category=SecurityWarning)

app.conf.update(
    **file_broker.broker(settings.BROKER_URL, settings.BROKER_FOLDER),
    **clockwork.WORKER,
    beat_schedule=clockwork.BEAT,
)
app.autodiscover_tasks(["vault.server"], related_name="tasks")


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def _note_runs(**kwargs: Any) -> None:
    """Each run is noted in the vault's own database."""
    from vault.server.models import SweepRun
    from vault.server.router import ALIAS

    from . import run_log

    run_log.connect(SweepRun, ALIAS)

"""The clock: which task runs when. Every task sweeps the database, so a lost or doubled message changes nothing."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault(
    "DJANGO_SETTINGS_MODULE", f"webapp.server.settings.{os.environ.get('COFFER_MODE', 'development')}"
)

from django.conf import settings

from webapp.server.ops import file_broker

app = Celery("coffer")

if settings.COFFER_INBOX:
    # On a development machine, often a container, the only user may be root; on a public server the warning stands.
    warnings.filterwarnings("ignore", category=SecurityWarning)


def _broker() -> dict[str, object]:
    """The operator's broker, or the folder beside the embedded databases."""
    if settings.BROKER_URL:
        return {"broker_url": settings.BROKER_URL}
    file_broker.register()
    folder = settings.BROKER_FOLDER
    for name in ("messages", "control"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "broker_url": f"{file_broker.SCHEME}://localhost",
        "broker_transport_options": {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        },
    }


app.conf.update(
    **_broker(),
    task_default_queue="coffer",
    task_ignore_result=True,
    task_acks_late=True,
    task_time_limit=15 * 60,
    worker_enable_remote_control=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
    beat_schedule={
        "deliver mail": {"task": "notices.deliver_outbox", "schedule": 10.0, "options": {"expires": 10}},
        "clear sessions": {"task": "ops.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
        "end vault logins": {"task": "vault.end_expired_logins", "schedule": 30.0, "options": {"expires": 30}},
        "rotate vault epoch": {"task": "vault.rotate_epoch", "schedule": 3600.0, "options": {"expires": 3600}},
        "clear nonces": {"task": "backups.clear_nonces", "schedule": 600.0, "options": {"expires": 600}},
    },
)
app.autodiscover_tasks(
    ["webapp.server.notices", "webapp.server.ops", "webapp.server.backups", "vault.server"], related_name="tasks"
)

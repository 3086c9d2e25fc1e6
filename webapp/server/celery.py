"""The clock: which task runs when. Every task sweeps the database, so a lost or doubled message changes nothing."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault(
    "DJANGO_SETTINGS_MODULE", f"webapp.server.settings.{os.environ.get('COFFER_MODE', 'development')}"
)

from django.conf import settings

from vault.host import clockwork, file_broker

app = Celery("coffer")

if settings.COFFER_INBOX:
    # On a development machine, often a container, the only user may be root; on a public server the warning stands.
    warnings.filterwarnings("ignore", category=SecurityWarning)

# A vault on a host of its own has a worker of its own.
_VAULT_HERE = settings.VAULT_URL is None

app.conf.update(
    **file_broker.broker(settings.BROKER_URL, settings.BROKER_FOLDER),
    **clockwork.WORKER,
    beat_schedule={
        "deliver mail": {"task": "notices.deliver_outbox", "schedule": 10.0, "options": {"expires": 10}},
        "tell owners": {"task": "notices.tell_owners", "schedule": 10.0, "options": {"expires": 10}},
        "clear notices": {"task": "notices.clear", "schedule": 3600.0, "options": {"expires": 3600}},
        "clear sessions": {"task": "ops.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
        "clear nonces": {"task": "backups.clear_nonces", "schedule": 600.0, "options": {"expires": 600}},
        "remind": {"task": "backups.remind", "schedule": 3600.0, "options": {"expires": 3600}},
        "empty trash": {"task": "backups.empty_trash", "schedule": 600.0, "options": {"expires": 600}},
        "warn and expire": {"task": "backups.warn_and_expire", "schedule": 3600.0, "options": {"expires": 3600}},
        "collect chunks": {"task": "backups.collect", "schedule": 3600.0, "options": {"expires": 3600}},
        "collect strays": {"task": "backups.collect_strays", "schedule": 86400.0, "options": {"expires": 86400}},
        "scrub chunks": {"task": "backups.scrub", "schedule": 3600.0, "options": {"expires": 3600}},
        "end accounts": {"task": "leaving.end_accounts", "schedule": 300.0, "options": {"expires": 300}},
        "purge safes": {"task": "backups.purge_safes", "schedule": 300.0, "options": {"expires": 300}},
        **(clockwork.BEAT if _VAULT_HERE else {}),
    },
)
app.autodiscover_tasks(
    [
        *("webapp.server.notices", "webapp.server.ops", "webapp.server.backups", "webapp.server.leaving"),
        *(["vault.server"] if _VAULT_HERE else []),
    ],
    related_name="tasks",
)

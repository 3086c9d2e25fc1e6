"""What every worker of ours is told, and when the vault's tasks run, whichever program's worker runs them.

Nothing of the vault is imported here: Celery finds the tasks by name when its application is ready.
"""

from typing import Any

WORKER: dict[str, Any] = {
    "task_default_queue": "coffer",
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_time_limit": 15 * 60,
    "worker_enable_remote_control": False,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": False,
    "broker_connection_retry_on_startup": True,
    "timezone": "UTC",
}

BEAT: dict[str, dict[str, Any]] = {
    "end vault logins": {"task": "vault.end_expired_logins", "schedule": 30.0, "options": {"expires": 30}},
    "rotate vault epoch": {"task": "vault.rotate_epoch", "schedule": 3600.0, "options": {"expires": 3600}},
}

"""The clock's work for backups. Each task sweeps the database, so running it twice or late does no harm."""

from celery import shared_task
from django.utils import timezone

from .proofs import clear_expired


@shared_task(name="backups.clear_nonces", ignore_result=True)  # type: ignore[untyped-decorator]
def clear_nonces() -> int:
    """Remove nonces nobody can use any more; → how many."""
    return clear_expired(timezone.now())

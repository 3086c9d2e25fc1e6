"""The clock's work for backups. Each task sweeps the database, so running it twice or late does no harm."""

from celery import shared_task
from django.utils import timezone

from .proofs import clear_expired
from .services.deleting import purge_due
from .storage import current_store


@shared_task(name="backups.clear_nonces", ignore_result=True)  # type: ignore[untyped-decorator]
def clear_nonces() -> int:
    """Remove nonces nobody can use any more; → how many."""
    return clear_expired(timezone.now())


@shared_task(name="backups.purge_safes", ignore_result=True)  # type: ignore[untyped-decorator]
def purge_safes() -> int:
    """Remove what deleted safes stored, and safes whose 30 days in the trash are over; → how many are wholly gone."""
    return purge_due(current_store(), timezone.now())

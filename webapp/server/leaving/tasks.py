"""The clock's part in the end of an account."""

from celery import shared_task
from django.utils import timezone

from . import departure


@shared_task(name="leaving.end_accounts", ignore_result=True)
def end_accounts() -> dict[str, int]:
    """Ends accounts whose days of grace are over; → how many are under way and how many are gone."""
    return departure.sweep(timezone.now())

"""The delivery task: a sweep of the outbox. Ringing it once too often, or never, changes nothing but the moment."""

from celery import shared_task

from .outbox import deliver_due


@shared_task(name="notices.deliver_outbox")
def deliver_outbox() -> int:
    """Delivers every due mail; returns how many went out."""
    return deliver_due()

"""Housekeeping that belongs to no other room."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone


@shared_task(name="ops.clear_sessions")
def clear_sessions() -> int:
    """Deletes sessions that ran out; returns how many."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted

"""The clock's work sweeps the table and may run twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from webapp.server.accounts.models import Account
from webapp.server.backups.models import OwnerNonce
from webapp.server.backups.tasks import clear_nonces
from webapp.server.celery import app

pytestmark = pytest.mark.django_db


def test_only_expired_nonces_go() -> None:
    account = Account.objects.create_user("a@example.org")
    now = timezone.now()
    for number, offset in enumerate((-3600, -1, 60)):
        OwnerNonce.objects.create(
            account=account, nonce_sha256=bytes([number]) * 32, expires=now + timedelta(seconds=offset)
        )
    assert clear_nonces() == 2
    assert clear_nonces() == 0
    assert OwnerNonce.objects.get().nonce_sha256 == bytes([2]) * 32


def test_the_clock_knows_the_task() -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert clear_nonces.name in scheduled

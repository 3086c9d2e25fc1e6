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
    for number, offset in enumerate((-7300, -7201, -60, 60)):
        OwnerNonce.objects.create(
            account=account, nonce_sha256=bytes([number]) * 32, expires=now + timedelta(seconds=offset)
        )
    assert clear_nonces() == 2
    assert clear_nonces() == 0
    kept = OwnerNonce.objects.order_by("expires").values_list("nonce_sha256", flat=True)
    assert list(kept) == [bytes([2]) * 32, bytes([3]) * 32], "an upload that began in time may still be running"


def test_the_clock_knows_the_task() -> None:
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert clear_nonces.name in scheduled

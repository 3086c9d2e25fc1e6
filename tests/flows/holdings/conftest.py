"""A person of the circle, with rows in every table that can have some about an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from tests.flows.circle.conftest import account, elsewhere, pins, run, store, visitor
from tests.flows.circle.world import Chosen, Visitor
from webapp.server.accounts.app_tokens import make_token
from webapp.server.accounts.models import Account, Departure
from webapp.server.backups.models import KeepRule, OwnerNonce, Passkey, Quota, Rehearsal, Reminder, Removal, Safe
from webapp.server.notices import feed, not_me_links
from webapp.server.notices.models import GuessingPause

__all__ = ["account", "elsewhere", "pins", "run", "store", "visitor"]

FILES = (
    Chosen("chat.txt", b"24/11/2026, 10:00 - Mira: the heron stood in the reeds\n" * 40),
    Chosen("a.jpg", b"\xff\xd8" * 900),
)


@pytest.fixture(autouse=True)
def real_outbox(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "webapp.server.notices.backend.OutboxBackend"}}


@pytest.fixture
def backed_up(visitor: Visitor, run: Callable[..., Any]) -> Visitor:
    """A safe with a password and one backup."""
    safe = run(visitor.make_safe("a long password of mine"))
    run(visitor.back_up(safe, *FILES))
    return visitor


@pytest.fixture
def in_every_table(backed_up: Visitor, client: Client) -> Account:
    """One row at least wherever there can be one."""
    person, now = backed_up.account, timezone.now()
    safe = Safe.objects.get(account=person)
    address = EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, created=now, key="a-key-that-confirms")
    client.force_login(person)
    client.get("/accounts/sessions/")  # the session enters the list
    Authenticator.objects.create(user=person, type="totp", data={"secret": "coffer1:sealed-secret"})
    make_token(person, "nightly", ["backup"])
    Departure.objects.create(account=person, asked=now, due=now + timedelta(days=14))
    person.groups.add(Group.objects.create(name="helpers"))
    person.user_permissions.add(Permission.objects.first())
    LogEntry.objects.create(
        user=person, content_type=ContentType.objects.first(), object_id="1", object_repr="x", action_flag=CHANGE
    )
    Quota.objects.create(account=person, bytes=10**9)
    KeepRule.objects.create(safe=safe, last=3, daily=0, weekly=0, monthly=0)
    Passkey.objects.create(
        safe=safe, passkey_id=b"p" * 16, credential_id=b"c" * 20, wrapped_key=b"w" * 60, name="Phone", beside="digits"
    )
    Reminder.objects.create(safe=safe, kind="key")
    Rehearsal.objects.create(
        safe=safe, snapshot_id=b"s" * 16, made=now, passed=True, chunks=1, missing=0, sampled=1, failure=""
    )
    Removal.objects.create(safe_id=safe.safe_id, name=f"{safe.safe_id.hex()}/chunks/00/gone")
    OwnerNonce.objects.create(account=person, nonce_sha256=b"n" * 32, expires=now)
    not_me_links.make(person)
    GuessingPause.objects.create(account=person, wanted="paused", since=now)
    feed.take()
    feed.tell()
    from webapp.server.notices.events import mail_account

    mail_account(person, "safe_trashed", {"made": now, "purge_after": now})
    return person

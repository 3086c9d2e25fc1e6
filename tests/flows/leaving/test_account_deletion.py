"""An account is deleted: asked for with care, kept by a sign-in, and gone everywhere after two weeks."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.flows.circle.world import Visitor
from vault.server.models import Record
from webapp.server.accounts.app_tokens import make_token
from webapp.server.accounts.fresh_sign_in import SIGNED_IN_AT
from webapp.server.accounts.models import Account, AppToken, Departure
from webapp.server.backups.models import Safe
from webapp.server.backups.services.deleting import purge_due
from webapp.server.backups.storage import current_store
from webapp.server.leaving import departure
from webapp.server.notices import feed, outbox, pauses
from webapp.server.notices.models import Mail, VaultEvent

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PAGE = "/accounts/delete/"


@pytest.fixture
def mira(backed_up: Visitor) -> Client:
    """Signed in a moment ago, in a browser."""
    client = Client()
    client.force_login(backed_up.account)
    client.get("/accounts/sessions/")
    return client


def ask(client: Client, address: str = "mira@example.org") -> Any:
    return client.post(PAGE, {"address": address})


def two_weeks_later() -> None:
    Departure.objects.update(due=timezone.now() - timedelta(seconds=1))
    departure.sweep(timezone.now())


def subjects() -> list[str]:
    return [mail.subject for mail in Mail.objects.order_by("pk")]


def test_the_page_lists_what_goes(mira: Client) -> None:
    page = mira.get(PAGE).content.decode()
    assert "one backup" in page
    assert "For 14 days nothing is lost" in page


def test_asking_signs_everybody_out_and_puts_the_safes_into_the_trash(mira: Client, backed_up: Visitor) -> None:
    make_token(backed_up.account, "nightly", ["backup"])
    reply = ask(mira)
    assert "Your account is being deleted" in reply.content.decode()
    assert mira.get("/accounts/sessions/").status_code == 302
    assert backed_up.http.client.get("/api/v1/me").status_code == 401
    assert not UserSession.objects.exists()
    assert not AppToken.objects.exists()
    assert Safe.objects.get().trashed is not None
    assert "Your Coffer account will be deleted" in subjects()
    assert "safes: 1" in Mail.objects.order_by("pk").last().text


def test_the_address_has_to_be_typed(mira: Client) -> None:
    reply = ask(mira, "other@example.org")
    assert reply.status_code == 422
    assert "not the address of this account" in reply.content.decode()
    assert not Departure.objects.exists()


def test_an_old_session_deletes_nothing(mira: Client) -> None:
    session = mira.session
    session[SIGNED_IN_AT] = time.time() - 3600
    session.save()
    assert ask(mira)["Location"] == PAGE
    assert not Departure.objects.exists()


def test_a_strangers_form_deletes_nothing(backed_up: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(backed_up.account)
    assert ask(strict).status_code == 403
    assert not Departure.objects.exists()


def test_signing_in_keeps_everything(mira: Client, backed_up: Visitor, run: Callable[..., Any]) -> None:
    ask(mira)
    again = Client()
    again.force_login(backed_up.account)  # sends the signal of every sign-in
    assert not Departure.objects.exists()
    assert Safe.objects.get().trashed is None
    assert subjects()[-1] == "Your Coffer account stays"
    departure.sweep(timezone.now() + timedelta(days=30))
    assert Account.objects.filter(email="mira@example.org", is_active=True).exists()


def test_a_safe_that_was_in_the_trash_before_stays_there(mira: Client, backed_up: Visitor) -> None:
    before = timezone.now() - timedelta(days=3)
    Safe.objects.update(trashed=before, purge_after=before + timedelta(days=30))
    ask(mira)
    Client().force_login(backed_up.account)
    assert Safe.objects.get().trashed == before


def test_before_the_time_nothing_ends(mira: Client) -> None:
    ask(mira)
    departure.sweep(timezone.now() + timedelta(days=13))
    assert purge_due(current_store(), timezone.now() + timedelta(days=13)) == 0
    assert Account.objects.get(email="mira@example.org").is_active


def test_after_the_time_nobody_signs_in_and_nothing_is_left(mira: Client, store: Any) -> None:
    ask(mira)
    two_weeks_later()
    assert not Account.objects.get(email="mira@example.org").is_active
    assert departure.undo(Account.objects.get()) is False
    assert purge_due(current_store(), timezone.now()) == 1
    assert departure.sweep(timezone.now()) == {"marked": 0, "deleted": 1}
    assert not Account.objects.exists()
    assert [path for path in store.rglob("*") if path.is_file() and path.suffix != ".lock"] == []
    assert subjects() == ["Your Coffer account is deleted"]


def test_no_table_of_the_site_knows_the_account_any_more(in_every_table: Account, client: Client) -> None:
    person = in_every_table
    names = (person.email, bytes(person.public_id).hex(), bytes(Safe.objects.get().safe_id).hex())
    Departure.objects.all().delete()
    departure.begin(person)
    two_weeks_later()
    purge_due(current_store(), timezone.now())
    departure.sweep(timezone.now())
    Mail.objects.update(state=Mail.State.SENT)
    # What the vault tells of its end comes when the account is gone.
    VaultEvent.objects.create(
        head=b"h" * 32, account_id=bytes.fromhex(names[1]), safe_id=b"s" * 16, record_id=b"r" * 16,
        number=9, kind="paused", at=timezone.now(), guesses_left=1, received=timezone.now(),
    )  # fmt: skip
    feed.tell()
    feed.forget()
    outbox.forget(timezone.now() + timedelta(days=31))
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label == "vault":
            continue
        for row in model._default_manager.values():
            words = [
                bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value) for value in row.values()
            ]
            found += [(model._meta.label, word) for word in words if any(name in word for name in names)]
    assert found == []
    assert not Session.objects.exists()


def test_the_vault_keeps_its_sealed_record_and_takes_no_guess_at_it(mira: Client) -> None:
    ask(mira)
    two_weeks_later()
    purge_due(current_store(), timezone.now())
    departure.sweep(timezone.now())
    record = Record.objects.using("vault").get()
    assert (record.state, record.paused) == ("active", True)


def test_a_vault_that_cannot_be_told_delays_the_end(mira: Client, settings: Any) -> None:
    ask(mira)
    settings.VAULT_URL = "http://127.0.0.1:1"
    two_weeks_later()
    purge_due(current_store(), timezone.now())
    assert departure.sweep(timezone.now()) == {"marked": 0, "deleted": 0}
    settings.VAULT_URL = None
    pauses.settle()
    assert departure.sweep(timezone.now()) == {"marked": 0, "deleted": 1}


def test_asking_twice_is_asking_once(mira: Client, backed_up: Visitor) -> None:
    ask(mira)
    first = Departure.objects.get()
    assert departure.begin(backed_up.account) == first
    assert subjects().count("Your Coffer account will be deleted") == 1


def test_who_runs_the_site_is_not_deleted_by_themselves(mira: Client, backed_up: Visitor) -> None:
    Account.objects.update(is_staff=True)
    assert "Another operator has to take that right away first" in mira.get(PAGE).content.decode()
    assert ask(mira).status_code == 422
    assert not Departure.objects.exists()


def test_mails_are_forgotten_after_a_month_and_owed_ones_are_not(db: None) -> None:
    for state in Mail.State:
        mail = outbox.write(recipients=["a@example.org"], sender="b", subject="", text="", headers={})
        Mail.objects.filter(pk=mail.pk).update(state=state)
    assert outbox.forget(timezone.now() + timedelta(days=29)) == 0
    assert outbox.forget(timezone.now() + timedelta(days=31)) == 2
    assert set(Mail.objects.values_list("state", flat=True)) == {"waiting", "sending"}

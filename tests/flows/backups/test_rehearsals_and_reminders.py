"""What owners report of their rehearsals, when they are asked again, and what a keep-rule would do."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.flows.backups.site_client import Browser, chunk, code
from vault.wire.owner_proof import Action
from webapp.server.backups.models import Rehearsal, Reminder, Safe, Snapshot
from webapp.server.backups.services import reminders
from webapp.server.notices.models import Mail

SNAPSHOT = secrets.token_bytes(16)


def report(browser: Browser, **changed: Any) -> Any:
    body = {
        "snapshot": SNAPSHOT.hex(),
        "passed": True,
        "chunks": 10,
        "missing": 0,
        "sampled": 10,
        "failure": None,
        **changed,
    }
    return browser.post(browser.path("rehearsals"), body)


def answer(browser: Browser, kind: str, given: str) -> Any:
    return browser.post(browser.path("reminders"), {"kind": kind, "answer": given})


def row(browser: Browser) -> dict[str, Any]:
    return dict(browser.client.get("/api/v1/safes").json()[0])


def back_up(browser: Browser) -> bytes:
    part = chunk()
    browser.put([part])
    snapshot = secrets.token_bytes(16)
    reply, _ = browser.commit([part[0]], previous=Safe.objects.get().head, snapshot=snapshot)
    assert reply.status_code == 201
    return snapshot


def test_the_newest_rehearsal_is_shown_with_its_date_and_result(browser: Browser) -> None:
    assert row(browser)["rehearsal"] is None
    assert report(browser).status_code == 200
    report(browser, passed=False, missing=3, failure="chunk_damaged")
    shown = row(browser)["rehearsal"]
    assert shown.pop("made")
    assert shown == {
        "snapshot": SNAPSHOT.hex(),
        "passed": False,
        "chunks": 10,
        "missing": 3,
        "sampled": 10,
        "failure": "chunk_damaged",
    }


def test_a_year_of_them_is_remembered(browser: Browser) -> None:
    for _ in range(reminders.KEPT + 3):
        report(browser)
    assert Rehearsal.objects.count() == reminders.KEPT


@pytest.mark.parametrize(
    "wrong", [{"chunks": -1}, {"chunks": 2**31}, {"failure": "Nobody <b>said</b>"}, {"passed": 1}, {"more": 1}]
)
def test_nonsense_is_refused(browser: Browser, wrong: dict[str, Any]) -> None:
    assert code(report(browser, **wrong)) == "invalid_request"
    assert not Rehearsal.objects.exists()


def test_another_accounts_safe_is_none(browser: Browser, stranger: Browser) -> None:
    for path, body in (
        ("reminders", {"kind": "key", "answer": "never"}),
        ("keep/preview", {"rule": None}),
        (
            "rehearsals",
            {"snapshot": SNAPSHOT.hex(), "passed": True, "chunks": 1, "missing": 0, "sampled": 1, "failure": None},
        ),
    ):
        assert code(stranger.post(browser.path(path), body)) == "safe_not_found"


def test_password_and_key_are_asked_three_days_after_the_safe_was_made(browser: Browser) -> None:
    made = Safe.objects.get().created
    due = row(browser)["reminders"]
    expected = (made + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert due == {"password": expected, "key": expected, "rehearsal": None}


def test_answers_move_the_date_of_their_kind_alone(browser: Browser) -> None:
    before = row(browser)["reminders"]
    due = answer(browser, "password", "passed").json()["due"]
    after = row(browser)["reminders"]
    assert after == {**before, "password": due}
    assert due > before["password"]
    assert answer(browser, "key", "never").json() == {"due": None}
    assert row(browser)["reminders"]["key"] is None
    assert code(answer(browser, "key", "perhaps")) == "invalid_request"
    assert code(answer(browser, "shoe", "passed")) == "invalid_request"


def test_the_monthly_mail_comes_once_a_month_and_only_on_wish(browser: Browser) -> None:
    back_up(browser)
    now = timezone.now()
    assert reminders.mail_due(now + timedelta(days=400)) == 0
    answer(browser, "rehearsal", "again")
    assert reminders.mail_due(now + timedelta(days=29)) == 0
    late = now + timedelta(days=31)
    assert (reminders.mail_due(late), reminders.mail_due(late)) == (1, 0)
    assert reminders.mail_due(late + timedelta(days=31)) == 1
    mail = Mail.objects.order_by("pk").first()
    assert mail is not None
    assert mail.recipients == ["owner@example.org"]
    assert f"/app/safe/{browser.safe.hex()}" in mail.text
    answer(browser, "rehearsal", "never")
    assert reminders.mail_due(now + timedelta(days=800)) == 0


def test_a_rehearsal_puts_the_monthly_mail_off(browser: Browser) -> None:
    back_up(browser)
    answer(browser, "rehearsal", "again")
    Reminder.objects.update(due=timezone.now() - timedelta(days=1))
    report(browser)
    assert reminders.mail_due() == 0


def test_a_preview_tells_what_the_rule_then_does_and_changes_nothing(browser: Browser) -> None:
    made = [back_up(browser) for _ in range(4)]
    rule = {"last": 2, "daily": 0, "weekly": 0, "monthly": 0}
    leaving = browser.post(browser.path("keep/preview"), {"rule": rule}).json()["leaving"]
    assert leaving == [snapshot.hex() for snapshot in made[:2]]
    assert not Snapshot.objects.exclude(trashed=None).exists()
    assert browser.post(browser.path("keep/preview"), {"rule": None}).json() == {"leaving": []}
    too_many = {**rule, "last": 1001}
    assert code(browser.post(browser.path("keep/preview"), {"rule": too_many})) == "invalid_request"
    import hashlib
    import json

    proof = browser.proof(Action.SET_KEEP_RULE, hashlib.sha256((2).to_bytes(2, "big") + bytes(6)).digest())
    reply = browser.client.put(
        browser.path("keep"), json.dumps({"rule": rule, "proof": proof}), content_type="application/json"
    )
    assert reply.json()["trashed"] == 2
    trashed = Snapshot.objects.exclude(trashed=None).order_by("pk")
    assert [bytes(each.snapshot_id).hex() for each in trashed] == leaving

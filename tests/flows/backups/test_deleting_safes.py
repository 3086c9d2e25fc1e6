"""The end of a safe: at once by its owner's signature, or through 30 days of trash that a click undoes."""

import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from tests.flows.backups.site_client import Browser, chunk, code, sign_in, stored_files
from vault.wire.owner_proof import Action, Audience
from webapp.server.backups.models import Chunk, Safe, Snapshot
from webapp.server.backups.services import deleting
from webapp.server.backups.storage import current_store
from webapp.server.backups.tasks import purge_safes
from webapp.server.notices.models import Mail

NOTHING = hashlib.sha256(b"").digest()


def backed_up(browser: Browser) -> list[tuple[bytes, bytes]]:
    parts = sorted(chunk() for _ in range(3))
    browser.put(parts)
    reply, _ = browser.commit([name for name, _ in parts])
    assert reply.status_code == 201
    return parts


def delete(browser: Browser, **changes: Any) -> Any:
    values: dict[str, Any] = {"action": Action.DELETE_SAFE, "content": NOTHING} | changes
    return browser.post(browser.path("delete"), {"proof": browser.proof(**values)})


def trash(browser: Browser) -> Any:
    return browser.post(browser.path("trash"), {})


def listed(browser: Browser) -> list[Any]:
    return list(browser.client.get("/api/v1/safes").json())


def subjects() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("subject", flat=True))


def later(**by: float) -> None:
    """Time passes for what lies in the trash."""
    passed = timedelta(**by)
    Safe.objects.update(trashed=F("trashed") - passed, purge_after=F("purge_after") - passed)


def test_the_owner_deletes_at_once_and_everything_is_removed(browser: Browser, store: Path) -> None:
    backed_up(browser)
    assert delete(browser).status_code == 200
    assert listed(browser) == []
    assert code(browser.client.get(browser.path("snapshots"))) == "safe_not_found"
    assert purge_safes() == 1
    assert [table.objects.count() for table in (Safe, Chunk, Snapshot)] == [0, 0, 0]
    assert stored_files(store) == []
    assert subjects() == ["A safe of yours was deleted"]


@pytest.mark.parametrize(
    "changes",
    [
        {"action": Action.CREATE_SAFE},
        {"action": Action.DELETE_SNAPSHOT},
        {"content": bytes(32)},
        {"safe": bytes(16)},
        {"account": bytes(16)},
        {"audience": Audience.VAULT},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_only_the_owners_signature_deletes_at_once(browser: Browser, changes: dict[str, Any]) -> None:
    assert code(delete(browser, **changes)) == "proof_refused"
    assert len(listed(browser)) == 1


def test_a_confirmation_deletes_once(browser: Browser) -> None:
    nonce = browser.nonce()
    assert code(delete(browser, nonce=secrets.token_bytes(32))) == "nonce_spent"
    assert delete(browser, nonce=nonce).status_code == 200
    assert code(delete(browser, nonce=nonce)) == "safe_not_found"


def test_another_accounts_safe_is_neither_trashed_nor_deleted(browser: Browser, stranger: Browser) -> None:
    stranger.safe, own = browser.safe, stranger.safe
    for reply in (trash(stranger), delete(stranger), stranger.post(stranger.path("untrash"), {})):
        assert code(reply) == "safe_not_found"
    assert own != browser.safe
    assert listed(browser)[0]["purge_after"] is None


def test_without_the_key_a_safe_lies_in_the_trash_for_thirty_days(browser: Browser, store: Path) -> None:
    parts = backed_up(browser)
    reply = trash(browser)
    assert listed(browser)[0]["purge_after"] == reply.json()["purge_after"]
    assert subjects() == ["A safe of yours is in the trash"]
    mail = Mail.objects.get()
    assert browser.account.email in mail.recipients
    assert "30" not in mail.subject
    assert "/app/" in mail.text
    later(days=29, hours=23)
    assert purge_safes() == 0
    assert len(unframed(browser, parts)) == 3
    later(hours=1)
    assert listed(browser) == []
    assert purge_safes() == 1
    assert stored_files(store) == []
    assert subjects()[-1] == "A safe from your trash was deleted"


def unframed(browser: Browser, parts: list[tuple[bytes, bytes]]) -> list[Any]:
    reply = browser.octets("chunks/read", b"".join(name for name, _ in parts))
    assert reply.status_code == 200
    body = b"".join(reply.streaming_content)
    return [part for part in parts if part[1] in body]


def test_one_click_takes_it_out_again(browser: Browser) -> None:
    backed_up(browser)
    trash(browser)
    assert browser.post(browser.path("untrash"), {}).status_code == 200
    assert listed(browser)[0]["purge_after"] is None
    later(days=31)
    assert purge_safes() == 0
    assert Chunk.objects.count() == 3


def test_putting_it_into_the_trash_twice_begins_no_second_month(browser: Browser) -> None:
    first = trash(browser).json()
    later(days=5)
    assert trash(browser).json()["purge_after"] < first["purge_after"]
    assert len(subjects()) == 1


def test_what_lies_in_the_trash_is_read_but_takes_nothing_in(browser: Browser) -> None:
    parts = backed_up(browser)
    trash(browser)
    assert len(unframed(browser, parts)) == 3
    assert code(browser.put([chunk()])) == "safe_in_trash"
    assert code(browser.commit([name for name, _ in parts])[0]) == "safe_in_trash"


def test_a_safe_in_the_trash_is_deleted_at_once_by_its_owner(browser: Browser) -> None:
    trash(browser)
    assert delete(browser).status_code == 200
    assert purge_safes() == 1
    assert subjects() == ["A safe of yours is in the trash", "A safe of yours was deleted"]


def test_a_deleted_safe_gives_no_ticket(browser: Browser) -> None:
    delete(browser)
    assert code(browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": "login"})) == "safe_not_found"


def test_a_sweep_that_dies_is_finished_by_the_next(
    browser: Browser, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(browser)
    delete(browser)
    with monkeypatch.context() as dying:
        dying.setattr(deleting, "chunk_name", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            purge_safes()
    assert Safe.objects.exists()
    assert purge_safes() == 1
    # Rows go before objects: what a dead sweep leaves behind is an object that no row names.
    assert len(stored_files(store)) <= 3
    assert purge_safes() == 0


def test_a_sweep_does_a_bounded_amount_of_work(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    backed_up(browser)
    monkeypatch.setattr(deleting, "BATCH", 1)
    delete(browser)
    assert deleting.purge_due(current_store(), timezone.now(), batches=2) == 0
    assert Safe.objects.exists()
    assert purge_safes() == 1


def test_other_safes_are_left_alone(browser: Browser, stranger: Browser, store: Path) -> None:
    parts = backed_up(stranger)
    backed_up(browser)
    delete(browser)
    purge_safes()
    assert len(unframed(stranger, parts)) == 3
    assert {name.split(os.sep)[0] for name in stored_files(store)} == {stranger.safe.hex()}


def test_a_deleted_safe_makes_room_for_another(browser: Browser, settings: Any) -> None:
    settings.BACKUPS_MAX_SAFES = 1
    delete(browser)
    again = Browser(browser.client, browser.account)
    assert again.make_safe().safe != browser.safe


def test_a_new_safe_beside_the_old_one_cannot_touch_it(browser: Browser) -> None:
    backed_up(browser)
    new = Browser(browser.client, browser.account).make_safe()
    new.safe = browser.safe
    assert code(delete(new)) == "proof_refused"
    assert code(new.commit(sorted(browser.put([part := chunk()]) and [part[0]]))[0]) == "proof_refused"


def test_signing_in_is_needed(browser: Browser) -> None:
    path = browser.path("trash")
    browser.client.logout()
    assert code(browser.post(path, {})) == "signed_out"
    assert sign_in("another@example.org").post(path, {}).status_code == 404

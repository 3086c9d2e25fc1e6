"""Making a safe takes its owner's proof; a ticket for the vault takes a safe."""

import hashlib
import time
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.flows.backups.site_client import Browser, code, sign_in
from vault.wire import ticket
from vault.wire.owner_proof import Action, Audience
from vault.wire.ticket import Purpose
from webapp.server.backups import tickets
from webapp.server.backups.models import OwnerNonce, Safe
from webapp.server.backups.services import safes
from webapp.server.backups.tickets import session_name


@pytest.fixture
def newcomer(db: None, store: Any) -> Browser:
    """Signed in, with no safe yet."""
    return sign_in("newcomer@example.org")


def test_a_safe_is_made_once_and_the_same_request_finds_it(newcomer: Browser) -> None:
    request = newcomer.safe_request()
    assert newcomer.post("/api/v1/safes", request).status_code == 201
    assert newcomer.post("/api/v1/safes", request).status_code == 200
    assert newcomer.post("/api/v1/safes", newcomer.safe_request()).status_code == 200
    safe = Safe.objects.get()
    assert (safe.safe_id, safe.owner_public_key, safe.key_check) == (newcomer.safe, newcomer.public, newcomer.key_check)
    assert safe.head is None


@pytest.mark.parametrize("change", ["key", "key_check"])
def test_a_safes_keys_are_never_replaced(newcomer: Browser, change: str) -> None:
    newcomer.make_safe()
    before = Safe.objects.values().get()
    setattr(newcomer, change, {"key": Ed25519PrivateKey.generate(), "key_check": bytes(16)}[change])
    reply = newcomer.post("/api/v1/safes", newcomer.safe_request())
    assert (reply.status_code, code(reply)) == (409, "safe_exists")
    assert Safe.objects.values().get() == before


def test_anothers_safe_cannot_be_taken_over(newcomer: Browser, browser: Browser) -> None:
    newcomer.safe, newcomer.key, newcomer.key_check = browser.safe, browser.key, browser.key_check
    reply = newcomer.post("/api/v1/safes", newcomer.safe_request())
    assert (reply.status_code, code(reply)) == (409, "safe_exists")
    assert Safe.objects.get().account == browser.account


WRONG: dict[str, dict[str, Any]] = {
    "for the vault": {"audience": Audience.VAULT},
    "for another action": {"action": Action.COMMIT_SNAPSHOT},
    "for another safe": {"safe": bytes(16)},
    "for another account": {"account": bytes(16)},
    "for other content": {"content": bytes(32)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_safe_needs_a_proof_of_exactly_this(newcomer: Browser, wrong: dict[str, Any]) -> None:
    content = hashlib.sha256(newcomer.public + newcomer.key_check).digest()
    proof = newcomer.proof(**({"action": Action.CREATE_SAFE, "content": content} | wrong))
    reply = newcomer.post("/api/v1/safes", newcomer.safe_request(proof=proof))
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert not Safe.objects.exists()


def test_a_nonce_makes_one_safe_only(newcomer: Browser) -> None:
    nonce = newcomer.nonce()

    def request(browser: Browser) -> Any:
        content = hashlib.sha256(browser.public + browser.key_check).digest()
        return browser.safe_request(proof=browser.proof(Action.CREATE_SAFE, content, nonce))

    second = Browser(newcomer.client, newcomer.account)
    assert newcomer.post("/api/v1/safes", request(newcomer)).status_code == 201
    reply = second.post("/api/v1/safes", request(second))
    assert (reply.status_code, code(reply)) == (409, "nonce_spent")
    assert Safe.objects.count() == 1


def test_an_account_has_a_limit_of_safes(newcomer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safes, "SAFES", 2)
    for _ in range(2):
        Browser(newcomer.client, newcomer.account).make_safe()
    third = Browser(newcomer.client, newcomer.account)
    reply = third.post("/api/v1/safes", third.safe_request())
    assert (reply.status_code, code(reply)) == (409, "too_many_safes")


def test_unspent_nonces_are_limited(newcomer: Browser) -> None:
    for _ in range(64):
        newcomer.nonce()
    reply = newcomer.post("/api/v1/nonces", {})
    assert (reply.status_code, code(reply)) == (429, "rate_limited")
    assert int(reply["Retry-After"]) > 0
    OwnerNonce.objects.update(expires="2020-01-01T00:00:00Z")
    assert newcomer.post("/api/v1/nonces", {}).status_code == 200


def test_a_ticket_says_who_what_and_for_a_minute(browser: Browser, ticket_key: bytes) -> None:
    for purpose in set(Purpose) - ticket.OF_THE_SITE:
        reply = browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": purpose.value})
        assert reply.status_code == 200
        issued, signature = ticket.decode(reply.json()["ticket"])
        Ed25519PublicKey.from_public_bytes(ticket_key).verify(signature, issued.signed_message())
        assert (issued.account, issued.safe, issued.purpose) == (
            bytes(browser.account.public_id),
            browser.safe,
            purpose,
        )
        assert issued.session == session_name(browser.client.session.session_key)
        assert 55 <= issued.expiry - time.time() <= 60


def test_no_two_tickets_are_the_same(browser: Browser) -> None:
    request = {"safe": browser.safe.hex(), "purpose": "login"}
    ids = {ticket.decode(browser.post("/api/v1/tickets", request).json()["ticket"])[0].ticket_id for _ in range(5)}
    assert len(ids) == 5


def test_a_tickets_session_name_does_not_hold_the_session_key(browser: Browser) -> None:
    reply = browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": "login"})
    key = browser.client.session.session_key
    issued, _ = ticket.decode(reply.json()["ticket"])
    assert key.encode() not in issued.payload()
    assert issued.session != session_name(key + "x")


def test_another_key_did_not_sign_the_ticket(browser: Browser) -> None:
    reply = browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": "login"})
    issued, signature = ticket.decode(reply.json()["ticket"])
    with pytest.raises(InvalidSignature):
        Ed25519PrivateKey.generate().public_key().verify(signature, issued.signed_message())


def test_there_is_no_ticket_for_anothers_safe(browser: Browser, stranger: Browser) -> None:
    for safe in (stranger.safe, bytes(16)):
        reply = browser.post("/api/v1/tickets", {"safe": safe.hex(), "purpose": "login"})
        assert (reply.status_code, code(reply)) == (404, "safe_not_found")


def test_there_is_no_ticket_for_an_unknown_purpose(browser: Browser) -> None:
    reply = browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": "everything"})
    assert (reply.status_code, code(reply)) == (422, "invalid_request")


def test_tickets_are_limited_by_the_minute_and_account(
    browser: Browser, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "TICKETS_PER_MINUTE", 3)
    request = {"safe": browser.safe.hex(), "purpose": "login"}
    replies = [browser.post("/api/v1/tickets", request) for _ in range(8)]
    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) >= 2  # a minute may turn in between, not two
    assert code(refused[0]) == "rate_limited"
    assert 0 < int(refused[0]["Retry-After"]) <= 60
    other = stranger.post("/api/v1/tickets", {"safe": stranger.safe.hex(), "purpose": "login"})
    assert other.status_code == 200


@pytest.mark.parametrize("purpose", ["feed", "pause", "resume"])
def test_a_browser_gets_no_ticket_that_the_site_spends_itself(browser, purpose):
    reply = browser.post("/api/v1/tickets", {"safe": browser.safe.hex(), "purpose": purpose})
    assert (reply.status_code, code(reply)) == (422, "invalid_request")

"""Passkeys of a safe at the site: only K's owner adds and removes them, never as the only way in, each seen by its own
account alone."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.flows.backups.site_client import Browser, code
from vault.wire.encoding import to_text
from vault.wire.owner_proof import Action, Audience
from webapp.server.backups import passkey_statement
from webapp.server.backups.models import OwnerNonce, Passkey
from webapp.server.backups.passkey_statement import Beside


@dataclass
class Key:
    """A passkey and the wrap that its browser made."""

    passkey: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    wrapped_key: bytes = field(default_factory=lambda: secrets.token_bytes(60))
    name: str = "My phone"
    beside: str = Beside.VAULT

    def content(self) -> bytes:
        return passkey_statement.added(self.passkey, self.credential, self.wrapped_key, self.name, Beside(self.beside))

    def body(self, proof: dict[str, str], **other: Any) -> dict[str, Any]:
        return {
            "passkey": self.passkey.hex(),
            "credential": to_text(self.credential),
            "wrapped_key": to_text(self.wrapped_key),
            "name": self.name,
            "beside": self.beside,
            "proof": proof,
        } | other


def add(browser: Browser, key: Key) -> HttpResponse:
    proof = browser.proof(Action.ADD_PASSKEY, key.content())
    return browser.post(browser.path("passkeys"), key.body(proof))


def listed(browser: Browser) -> list[dict[str, Any]]:
    reply = browser.client.get(browser.path("passkeys"))
    assert reply.status_code == 200
    assert reply["Cache-Control"] == "no-store"
    return list(reply.json())


def remove(browser: Browser, key: Key, beside: str = Beside.DIGITS, **other: Any) -> HttpResponse:
    content = passkey_statement.removed(key.passkey, Beside(beside))
    proof = browser.proof(Action.REMOVE_PASSKEY, content, **other)
    return browser.post(browser.path(f"passkeys/{key.passkey.hex()}/remove"), {"beside": beside, "proof": proof})


def test_a_passkey_is_added_once_and_the_same_request_finds_it(browser: Browser) -> None:
    key = Key()
    assert add(browser, key).status_code == 201
    assert add(browser, key).status_code == 200
    (row,) = listed(browser)
    assert row.pop("created")
    assert row == {
        "passkey": key.passkey.hex(),
        "credential": to_text(key.credential),
        "wrapped_key": to_text(key.wrapped_key),
        "name": "My phone",
        "last_used": None,
    }
    assert browser.client.get("/api/v1/safes").json()[0]["passkeys"] == 1


def test_snapshots_do_not_multiply_the_passkeys_that_are_counted(browser: Browser) -> None:
    previous = None
    for _ in range(3):
        _, previous = browser.commit([], previous=previous)
    add(browser, Key())
    add(browser, Key())
    (safe,) = browser.client.get("/api/v1/safes").json()
    assert (safe["passkeys"], safe["snapshots"]) == (2, 3)


WRONG: dict[str, dict[str, Any]] = {
    "for the vault": {"audience": Audience.VAULT},
    "for another action": {"action": Action.REMOVE_PASSKEY},
    "for another safe": {"safe": bytes(16)},
    "for another account": {"account": bytes(16)},
    "for other content": {"content": bytes(32)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_adding_takes_the_owners_proof_of_exactly_this(browser: Browser, wrong: dict[str, Any]) -> None:
    key = Key()
    proof = browser.proof(**({"action": Action.ADD_PASSKEY, "content": key.content()} | wrong))
    reply = browser.post(browser.path("passkeys"), key.body(proof))
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert not Passkey.objects.exists()


CHANGED: dict[str, dict[str, Any]] = {
    "another passkey": {"passkey": bytes(16).hex()},
    "another credential": {"credential": to_text(bytes(32))},
    "another wrap": {"wrapped_key": to_text(bytes(60))},
    "another name": {"name": "Your phone"},
    "another protector beside it": {"beside": "digits"},
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED)
def test_nothing_in_the_request_can_be_changed_under_the_proof(browser: Browser, changed: dict[str, Any]) -> None:
    key = Key()
    proof = browser.proof(Action.ADD_PASSKEY, key.content())
    reply = browser.post(browser.path("passkeys"), key.body(proof, **changed))
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert not Passkey.objects.exists()


def test_a_nonce_adds_one_passkey_only(browser: Browser) -> None:
    nonce = browser.nonce()
    first, second = Key(), Key()
    for key, expected in ((first, 201), (second, 409)):
        proof = browser.proof(Action.ADD_PASSKEY, key.content(), nonce)
        assert browser.post(browser.path("passkeys"), key.body(proof)).status_code == expected
    assert Passkey.objects.count() == 1


def test_a_nonce_that_is_too_old_adds_nothing(browser: Browser) -> None:
    key = Key()
    proof = browser.proof(Action.ADD_PASSKEY, key.content())
    OwnerNonce.objects.update(expires=timezone.now() - timedelta(seconds=1))
    reply = browser.post(browser.path("passkeys"), key.body(proof))
    assert (reply.status_code, code(reply)) == (409, "nonce_spent")


@pytest.mark.parametrize("beside", ["", "passkey", "nothing"])
def test_a_passkey_is_never_the_only_way_in(browser: Browser, beside: str) -> None:
    key = Key()
    proof = browser.proof(Action.ADD_PASSKEY, key.content())
    reply = browser.post(browser.path("passkeys"), key.body(proof, beside=beside))
    assert (reply.status_code, code(reply)) == (409, "passkey_alone")
    assert not Passkey.objects.exists()
    assert add(browser, key).status_code == 201
    address = browser.path(f"passkeys/{key.passkey.hex()}/remove")
    proof = browser.proof(Action.REMOVE_PASSKEY, passkey_statement.removed(key.passkey, Beside.VAULT))
    reply = browser.post(address, {"beside": beside, "proof": proof})
    assert (reply.status_code, code(reply)) == (409, "passkey_alone")
    assert Passkey.objects.count() == 1


def test_one_credential_is_kept_once(browser: Browser) -> None:
    key = Key()
    add(browser, key)
    for other in (Key(credential=key.credential), Key(passkey=key.passkey)):
        reply = add(browser, other)
        assert (reply.status_code, code(reply)) == (409, "passkey_exists")
    assert Passkey.objects.count() == 1


def test_a_safe_has_at_most_sixteen(browser: Browser) -> None:
    for _ in range(16):
        assert add(browser, Key()).status_code == 201
    reply = add(browser, Key())
    assert (reply.status_code, code(reply)) == (409, "too_many_passkeys")


BAD: dict[str, dict[str, Any]] = {
    "a short wrap": {"wrapped_key": to_text(bytes(59))},
    "a long wrap": {"wrapped_key": to_text(bytes(61))},
    "no credential": {"credential": ""},
    "a credential that is too long": {"credential": to_text(bytes(1024))},
    "padded base64": {"credential": to_text(bytes(32)) + "="},
    "no name": {"name": ""},
    "a blank name": {"name": " "},
    "a name that is too long": {"name": "n" * 65},
    "a name with a line break": {"name": "a\nb"},
    "an unknown field": {"prf": "AAAA"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_every_length_is_exact(browser: Browser, bad: dict[str, Any]) -> None:
    key = Key()
    proof = browser.proof(Action.ADD_PASSKEY, key.content())
    reply = browser.post(browser.path("passkeys"), key.body(proof, **bad))
    assert (reply.status_code, code(reply)) == (422, "invalid_request")
    assert not Passkey.objects.exists()


def test_the_longest_credential_fits(browser: Browser) -> None:
    assert add(browser, Key(credential=secrets.token_bytes(1023))).status_code == 201
    assert add(browser, Key(credential=b"c")).status_code == 201


def test_use_is_remembered_by_its_date(browser: Browser) -> None:
    key = Key()
    add(browser, key)
    assert browser.post(browser.path(f"passkeys/{key.passkey.hex()}/used"), {}).status_code == 200
    assert listed(browser)[0]["last_used"]
    reply = browser.post(browser.path(f"passkeys/{bytes(16).hex()}/used"), {})
    assert (reply.status_code, code(reply)) == (404, "passkey_not_found")


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_removing_takes_the_owners_proof_too(browser: Browser, wrong: dict[str, Any]) -> None:
    key = Key()
    add(browser, key)
    content = passkey_statement.removed(key.passkey, Beside.VAULT)
    asked = {"action": Action.REMOVE_PASSKEY, "content": content} | wrong
    if wrong.get("action"):
        asked["action"] = Action.ADD_PASSKEY
    address = browser.path(f"passkeys/{key.passkey.hex()}/remove")
    reply = browser.post(address, {"beside": "vault", "proof": browser.proof(**asked)})
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert Passkey.objects.count() == 1


def test_the_proof_for_one_passkey_removes_no_other(browser: Browser) -> None:
    first, second = Key(), Key()
    add(browser, first)
    add(browser, second)
    proof = browser.proof(Action.REMOVE_PASSKEY, passkey_statement.removed(first.passkey, Beside.VAULT))
    body = {"beside": "vault", "proof": proof}
    reply = browser.post(browser.path(f"passkeys/{second.passkey.hex()}/remove"), body)
    assert (reply.status_code, code(reply)) == (403, "proof_refused")
    assert Passkey.objects.count() == 2


def test_a_removed_passkey_is_gone(browser: Browser) -> None:
    key = Key()
    add(browser, key)
    assert remove(browser, key).status_code == 200
    assert listed(browser) == []
    assert not Passkey.objects.exists()
    reply = remove(browser, key)
    assert (reply.status_code, code(reply)) == (404, "passkey_not_found")


def test_a_stranger_sees_and_changes_none(browser: Browser, stranger: Browser) -> None:
    key = Key()
    add(browser, key)
    address = browser.path("passkeys")
    for method, path, body in (
        ("get", address, None),
        ("post", address, key.body({"nonce": to_text(bytes(32)), "signature": to_text(bytes(64))})),
        ("post", f"{address}/{key.passkey.hex()}/used", {}),
        (
            "post",
            f"{address}/{key.passkey.hex()}/remove",
            {"beside": "vault", "proof": {"nonce": to_text(bytes(32)), "signature": to_text(bytes(64))}},
        ),
    ):
        reply = stranger.client.get(path) if method == "get" else stranger.post(path, body)
        assert (reply.status_code, code(reply)) == (404, "safe_not_found"), path
        nobody = Client()
        reply = nobody.get(path) if method == "get" else nobody.post(path, body, content_type="application/json")
        assert (reply.status_code, code(reply)) == (401, "signed_out"), path
    # A passkey of one's own safe is not reached through another's.
    own = Key()
    add(stranger, own)
    reply = browser.post(browser.path(f"passkeys/{own.passkey.hex()}/used"), {})
    assert (reply.status_code, code(reply)) == (404, "passkey_not_found")
    assert Passkey.objects.filter(last_used=None).count() == 2


def test_every_change_needs_the_csrf_token(browser: Browser) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    for rest in ("passkeys", f"passkeys/{bytes(16).hex()}/used", f"passkeys/{bytes(16).hex()}/remove"):
        reply = strict.post(browser.path(rest), {}, content_type="application/json")
        assert (reply.status_code, code(reply)) == (403, "csrf_failed")

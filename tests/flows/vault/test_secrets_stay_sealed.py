"""What the vault stores, prints and logs during a whole circle holds no secret in the clear."""

import base64
import io
import logging
import sqlite3

import pytest
from django.db import connections

from tests.flows.vault.world import PASSWORD, WRONG, Guess
from vault.server.models import LoginState, Record, Safe
from vault.server.services import identity, login, registration, sealing
from vault.wire import messages
from webapp.engine.vault_client import WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def spellings(secret):
    return {
        secret,
        secret.hex().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        repr(secret)[2:-1].encode(),
    }


@pytest.fixture
def log():
    """Everything that any logger writes, tracebacks included."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def circle(person, run, log, monkeypatch):
    """A registration, a wrong guess, a failing request and a login, with every secret that came by."""
    secrets = {"password": PASSWORD.expose(), "wrong password": WRONG.expose(), "K": person.key.secret.expose()}

    def watching(module, name, pick):
        real = getattr(module, name)

        def watched(*args, **kwargs):
            result = real(*args, **kwargs)
            for label, value in pick(result, args, kwargs).items():
                secrets[label] = value
            return result

        monkeypatch.setattr(module, name, watched)

    watching(registration, "generate_oprf_key", lambda key, a, k: {"OPRF key": key})
    watching(sealing, "open_evaluation", lambda pair, a, k: {"registration record": pair[1]} if pair[1] else {})
    watching(sealing, "open_wrapped_key", lambda wrapped, a, k: {"wrapped key": wrapped})
    watching(login, "server_finish", lambda key, a, k: {"session key": key})
    watching(
        identity,
        "opened",
        lambda keys, a, k: {"OPAQUE private key": keys.opaque_private_key, "signing seed": keys.signing_seed},
    )

    run(person.set_up())
    with pytest.raises(WrongPassword):
        run(person.login(WRONG))
    with monkeypatch.context() as failing:
        failing.setattr(login, "generate_ke2", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("no")))
        assert Guess(person, PASSWORD).start().status == 500
    run(person.login())
    run(person.client.set_head(person.safe, person.key, b"h" * 32))
    Guess(person, PASSWORD).start()
    assert len(secrets) == 9
    return secrets


def test_the_database_file_holds_no_secret_in_the_clear(circle):
    path = connections["vault"].settings_dict["NAME"]
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with open(path, "rb") as file:
        content = file.read()
    for name, secret in circle.items():
        assert not any(spelling in content for spelling in spellings(secret)), name


def test_the_log_holds_no_secret_and_no_ticket(circle, log, person):
    text = log.getvalue().encode()
    assert b"vault start-login failed: RuntimeError" in text
    for name, secret in circle.items():
        assert not any(spelling in text for spelling in spellings(secret)), name
    for ticket in person.tickets_used:
        assert ticket.encode() not in text


def test_no_request_or_reply_holds_a_password_or_key_in_the_clear(circle, person):
    crossed = b"".join(exchange.body + exchange.reply for exchange in person.http.seen)
    for name in ("password", "wrong password", "K", "OPRF key", "session key", "OPAQUE private key", "signing seed"):
        assert not any(spelling in crossed for spelling in spellings(circle[name])), name


def test_printing_a_row_shows_an_id_and_nothing_else(circle):
    for model in (Record, Safe, LoginState):
        row = model.objects.using("vault").first()
        assert len(repr(row)) < 80
        for secret in circle.values():
            assert not any(spelling in repr(row).encode() for spelling in spellings(secret))
    assert repr(identity.opened()) == "IdentityKeys(REDACTED)"


def test_the_vault_holds_no_address_and_no_name():
    names = {field.name for model in (Record, Safe, LoginState) for field in model._meta.get_fields()}
    assert not [name for name in names if "mail" in name or "name" in name or "address" in name]


def test_a_login_state_shows_neither_ke2_nor_session_key(circle, person):
    row = LoginState.objects.using("vault").order_by("-id").first()
    assert isinstance(row.sealed, bytes)
    assert len(row.sealed) == 4 + 12 + messages.KE2_BYTES + 128 + 16

"""Rule 5 and 10: an edit in SQL closes the record, a custody that fails costs no guess, nothing is evaluated."""

import hashlib
import secrets

import pytest
from django.db import IntegrityError

from tests.flows.vault.world import PASSWORD, WRONG, Guess, post, sql
from vault.custody.software import FILE_NAME
from vault.server.models import LoginState, Record, SpentTicket
from vault.server.services import ending, login, registration
from vault.wire import messages
from vault.wire.ticket import Purpose, decode
from webapp.engine.errors import SiteRefused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def no_evaluation(monkeypatch):
    def forbid():
        monkeypatch.setattr(login, "generate_ke2", lambda *a, **k: pytest.fail("evaluated"))
        monkeypatch.setattr(registration, "create_registration_response", lambda *a, **k: pytest.fail("evaluated"))

    return forbid


def edit_row(table, edit):
    """`column = value` in SQL; binary values by name, since databases spell them differently."""
    column, value = edit.split(" = ")
    binary = {"guessed": bytes(32), "empty": b""}
    if value in binary:
        sql(f"UPDATE {table} SET {column} = %s", binary[value])
    else:
        sql(f"UPDATE {table} SET {edit}")


@pytest.mark.parametrize(
    "edit",
    [
        "guesses_left = 10",
        "guesses_left = 8",
        "failures = 0",
        "charges = 0",
        "locked_until = '2000-01-01 00:00:00'",
        "event_count = 1",
        "event_head = guessed",
        "version = 2",
        "counter_mac = guessed",
        "counter_mac = empty",
    ],
)
def test_an_edited_counter_closes_the_record(person, run, no_evaluation, edit):
    run(person.set_up())
    Guess(person, WRONG).start()
    edit_row("vault_record", edit)
    no_evaluation()
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (503, "record_closed")
    assert refused.data == {}


def test_a_pending_record_cannot_be_made_active_in_sql(person, run, no_evaluation):
    run(person.client.open_safe(person.safe, person.key))
    ticket = person.site.ticket(person.account, person.safe, Purpose.REGISTER)
    request = messages.StartRegistration(Guess(person, PASSWORD).request.ke1[:32])
    assert post("registrations", request, ticket).status == 201
    sql("UPDATE vault_record SET state = 'active'")
    no_evaluation()
    assert Guess(person, PASSWORD).start().code == "record_closed"
    assert person.record().charges == 0


def test_a_refund_in_sql_is_worth_nothing_even_after_the_last_guess(person, run, no_evaluation, no_waits):
    run(person.set_up())
    for _ in range(10):
        Guess(person, WRONG).start()
    sql("UPDATE vault_record SET guesses_left = 10")
    no_evaluation()
    assert Guess(person, PASSWORD).start().code == "record_closed"
    with pytest.raises(SiteRefused) as caught:
        run(person.client.status(person.safe))
    assert caught.value.code == "record_closed"


def test_the_sweep_leaves_a_closed_record_alone_and_says_so(person, run):
    run(person.set_up())
    sql("UPDATE vault_record SET guesses_left = 0")
    swept = ending.sweep()
    assert (swept.closed, swept.destroyed) == (1, 0)
    assert Record.objects.using("vault").get().sealed_evaluation


def test_a_destroyed_record_cannot_be_made_active_again(person, run, no_evaluation):
    run(person.set_up())
    run(person.client.destroy(person.safe, person.key, person.record().record_id, 1))
    sql("UPDATE vault_record SET state = 'active', guesses_left = 10")
    no_evaluation()
    assert Guess(person, PASSWORD).start().code == "record_closed"


def test_the_database_itself_refuses_a_destroyed_record_with_sealed_bytes(person, run):
    run(person.set_up())
    with pytest.raises(IntegrityError):
        sql("UPDATE vault_record SET state = 'destroyed'")


@pytest.mark.parametrize("column", ["sealed_evaluation", "sealed_wrapped_key"])
def test_sealed_bytes_of_another_record_do_not_open(person, run, column):
    run(person.set_up())
    other = person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
    run(other.set_up())
    sql(
        f"UPDATE vault_record SET {column} = (SELECT {column} FROM vault_record WHERE record_id = %s) "
        "WHERE record_id = %s",
        other.record().record_id,
        person.record().record_id,
    )
    with pytest.raises(SiteRefused) as caught:
        run(person.login())
    assert caught.value.code == "record_closed"
    # What cannot be evaluated is not charged; what was proved but cannot be opened keeps its login state.
    assert person.record().guesses_left == {"sealed_evaluation": 10, "sealed_wrapped_key": 9}[column]


@pytest.mark.parametrize("column", ["owner_public_key", "head", "account_id"])
def test_an_edited_safe_is_closed(person, run, column):
    run(person.set_up())
    sql(f"UPDATE vault_safe SET {column} = %s", secrets.token_bytes(16 if column == "account_id" else 32))
    if column == "account_id":
        (row,) = sql("SELECT account_id FROM vault_safe")
        person.account = bytes(row[0])
    with pytest.raises(SiteRefused) as caught:
        run(person.login())
    assert caught.value.code == "record_closed"
    assert person.record().guesses_left == 10


@pytest.mark.parametrize(
    "break_custody",
    [
        lambda path: path.unlink(),
        lambda path: path.chmod(0o644),
        lambda path: path.write_text("{}"),
    ],
    ids=["gone", "readable by others", "damaged"],
)
def test_custody_down_charges_nothing_and_works_again_after(person, run, settings, break_custody):
    run(person.set_up())
    path = settings.VAULT_CUSTODY["path"] / FILE_NAME
    content, spent = path.read_bytes(), SpentTicket.objects.using("vault").count()
    guess = Guess(person, PASSWORD)
    break_custody(path)
    with pytest.MonkeyPatch.context() as forbidden:
        forbidden.setattr(login, "generate_ke2", lambda *a, **k: pytest.fail("evaluated"))
        refused = guess.start()
    assert (refused.status, refused.code) == (503, "custody_down")
    assert person.record().guesses_left == 10
    assert SpentTicket.objects.using("vault").count() == spent

    path.write_bytes(content)
    path.chmod(0o600)
    assert guess.finish(guess.start()).status == 200


def test_custody_down_at_ke3_keeps_the_login_state(person, run, settings):
    run(person.set_up())
    path = settings.VAULT_CUSTODY["path"] / FILE_NAME
    guess = Guess(person, PASSWORD)
    started = guess.start()
    path.chmod(0o644)
    assert guess.finish(started).code == "custody_down"
    path.chmod(0o600)
    assert guess.finish(started).status == 200


@pytest.mark.parametrize(
    ("table", "column"), [("vault_record", "sealed_evaluation"), ("vault_safe", None), ("vault_identity", "sealed")]
)
def test_an_unknown_epoch_is_not_guessed_around(person, run, no_evaluation, table, column):
    run(person.set_up())
    sql(f"UPDATE {table} SET epoch = 9")
    if column is not None:
        ((sealed,),) = sql(f"SELECT {column} FROM {table}")
        sql(f"UPDATE {table} SET {column} = %s", b"\x00\x00\x00\x09" + bytes(sealed)[4:])
    no_evaluation()
    refused = Guess(person, PASSWORD).start()
    assert (refused.status, refused.code) == (503, "custody_down")
    assert person.record().guesses_left == 10


@pytest.mark.parametrize(
    "edit", ["charge = 2", "guesses_left = 5", "request_id = guessed", "expires = '2099-01-01 00:00:00'"]
)
def test_an_edited_login_state_does_not_open(person, run, edit):
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    edit_row("vault_loginstate", edit)
    assert guess.finish(started).code == "record_closed"
    assert person.record().guesses_left == 9


def test_a_charged_login_state_cannot_be_made_to_stand_for_another_ke1(person, run, no_evaluation):
    """Emptied and pointed at a second KE1, the row would be one more evaluation without a charge."""
    run(person.set_up())
    guess = Guess(person, PASSWORD)
    guess.start()
    other = Guess(person, WRONG, ticket=guess.ticket)
    sql(
        "UPDATE vault_loginstate SET sealed = NULL, ke1_digest = %s, request_id = %s",
        hashlib.sha256(other.request.ke1).digest(),
        other.request.request_id,
    )
    no_evaluation()
    refused = other.start()
    assert (refused.status, refused.code) == (503, "record_closed")


def test_a_login_state_moved_to_a_newer_record_of_the_safe_does_not_open(person, run):
    record = run(person.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    columns = [field.column for field in LoginState._meta.concrete_fields]
    row = dict(zip(columns, sql(f"SELECT {', '.join(columns)} FROM vault_loginstate")[0], strict=True))
    run(person.client.destroy(person.safe, person.key, record, 1))
    run(person.client.register_password(person.safe, person.key, PASSWORD))
    row["record_id"] = person.record().pk
    sql(
        f"INSERT INTO vault_loginstate ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",
        *row.values(),
    )
    assert guess.finish(started).code == "record_closed"


def test_a_login_state_moved_to_another_record_does_not_open(person, run):
    run(person.set_up())
    other = person.somebody_else(account=secrets.token_bytes(16), safe=secrets.token_bytes(16))
    run(other.set_up())
    guess = Guess(person, PASSWORD)
    started = guess.start()
    sql(
        "UPDATE vault_loginstate SET record_id = (SELECT id FROM vault_record WHERE record_id = %s)",
        other.record().record_id,
    )
    stolen = other.site.ticket(other.account, other.safe, Purpose.LOGIN)
    sql("UPDATE vault_loginstate SET ticket_id = %s", decode(stolen)[0].ticket_id)
    assert post("logins/finish", finish_of(guess, started), stolen).code == "record_closed"


def finish_of(guess, started):
    return messages.FinishLogin(started.read(messages.LoginStarted).login, guess.ke3(started))

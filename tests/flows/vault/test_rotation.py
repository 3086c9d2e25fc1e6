"""Rule 5: the epoch changes while the vault serves; whatever dies on the way, nothing is lost and the old key goes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.flows.vault.rotating import Killed, chains_hold, epochs_of_rows, killing
from tests.flows.vault.world import WRONG, Guess, sql
from vault.server.models import Event, Record, Rotation, Safe
from vault.server.services import dump, identity, rotation, sealing
from vault.wire.errors import ErrorCode, VaultError

pytestmark = [
    pytest.mark.usefixtures("small_steps"),
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize(
        ("database", "custody"),
        [("sqlite", "software"), ("postgresql", "software"), ("sqlite", "pkcs11")],
        indirect=True,
        ids=["sqlite", "postgresql", "hsm"],
    ),
]


def sealed_values():
    rows = sql("SELECT sealed_evaluation, sealed_wrapped_key FROM vault_record")
    return [bytes(value) for row in rows for value in row]


def test_everything_is_sealed_anew_and_the_old_key_is_gone(people, run, person):
    before = identity.public()
    run(person.client.set_head(person.safe, person.key, b"h" * 32))
    sealed = sealed_values()
    Guess(person, WRONG).start()

    done = rotation.rotate()

    assert done.epoch == 2
    assert (done.resealed, done.closed) == (1 + 1 + 5 + 5 + 1, 0)
    assert epochs_of_rows() == {2}
    assert sealing.custody().epochs() == (2,)
    after = sealed_values()
    assert all(value[:4] == b"\0\0\0\2" for value in after)
    assert not set(sealed) & set(after)
    assert identity.public() == before
    assert chains_hold()
    for one in people:
        unlocked = run(one.login())
        assert unlocked.key.secret == one.key.secret
    assert run(person.login()).head == b"h" * 32
    assert person.record().charges == 3


def test_a_rotation_keeps_every_counter_as_it_was(people, run, person):
    for _ in range(2):
        Guess(person, WRONG).start()
    columns = ("state", "guesses_left", "failures", "charges", "locked_until", "event_count", "event_head", "version")
    before = list(Record.objects.using("vault").order_by("pk").values(*columns))
    rotation.rotate()
    assert list(Record.objects.using("vault").order_by("pk").values(*columns)) == before


def test_what_an_older_dump_holds_opens_nothing_afterwards(people, tmp_path):
    old = tmp_path / "old.sqlite3"
    assert dump.write(old).epochs == {1}
    rotation.rotate()
    with pytest.raises(VaultError) as caught:
        dump.verify(old)
    assert caught.value.code is ErrorCode.CUSTODY_DOWN


def test_a_rotation_that_dies_at_any_step_is_finished_by_the_next(people, run):
    count, seen = killing(at=0)
    rotation.rotate(step=count)
    assert {"begun", "batch", "resealed", "dumped", "keys destroyed", "destroyed"} <= set(seen)
    for at in range(1, len(seen) + 1):
        step, _ = killing(at)
        with pytest.raises(Killed):
            rotation.rotate(step=step)
        person = people[at % len(people)]
        assert run(person.login()).key.secret == person.key.secret
        epoch = Rotation.objects.using("vault").order_by("-epoch")[0].epoch
        finished = rotation.rotate()
        assert finished.epoch == epoch + (at == len(seen))
        assert sealing.custody().epochs() == (finished.epoch,)
        assert epochs_of_rows() == {finished.epoch}
    assert chains_hold()


def test_a_key_made_just_before_the_power_went_is_the_one_used(people, run, person, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(rotation, "database_now", lambda: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            rotation.rotate()
    assert sealing.custody().epochs() == (1, 2)
    assert run(person.login()).guesses_before == 10
    assert rotation.rotate().epoch == 2
    assert sealing.custody().epochs() == (2,)


def test_two_rotations_at_once_are_one(people, run, person):
    def go(_):
        try:
            return rotation.rotate().epoch
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(go, range(2))) <= {2, 3}
    assert epochs_of_rows() == set(sealing.custody().epochs())
    assert run(person.login()).guesses_before == 10


def test_a_row_that_appears_under_the_old_epoch_keeps_its_key_until_it_is_sealed_anew(people, run, person, monkeypatch):
    real, put_back = rotation._dump, []

    def dump_and_put_back(standing):
        real(standing)
        if not put_back:
            put_back.append(1)
            row = Safe.objects.using("vault").order_by("pk")[0]
            row.epoch = 1
            sealing.vouch_safe(row)
            row.save()

    monkeypatch.setattr(rotation, "_dump", dump_and_put_back)
    rotation.rotate()
    assert epochs_of_rows() == {2}
    assert run(person.login()).guesses_before == 10


def test_events_are_told_in_order(people, run, person):
    Guess(person, WRONG).start()
    run(person.login())
    kinds = list(Event.objects.using("vault").filter(record__safe__safe_id=person.safe).values_list("kind", flat=True))
    assert kinds == ["answered", "registered", "guess_charged", "guess_charged", "recovered"]
    assert chains_hold()
    sql("UPDATE vault_event SET guesses_left = 10 WHERE kind = 'guess_charged'")
    assert not chains_hold()

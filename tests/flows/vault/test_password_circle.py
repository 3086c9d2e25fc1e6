"""The whole way: open a safe, guard its key with a password, get the key back somewhere else."""

import pytest

from tests.flows.vault.world import WRONG, Person
from vault.server.sodium import native_configuration
from webapp.engine.vault_client import WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def test_the_password_gives_back_the_key_in_another_browser(person, run):
    person.ksf = native_configuration().ksf
    run(person.set_up())
    elsewhere = Person(person.site, person.pins, person.ksf, person.account, person.safe, person.key)

    unlocked = run(elsewhere.login())

    assert unlocked.key.secret == person.key.secret
    assert unlocked.head is None
    assert (unlocked.guesses_before, unlocked.failures) == (10, 0)


def test_a_wrong_password_says_how_many_guesses_are_left(person, run, no_waits):
    run(person.set_up())
    for expected in (9, 8, 7):
        with pytest.raises(WrongPassword) as caught:
            run(person.login(WRONG))
        assert caught.value.guesses_left == expected
    unlocked = run(person.login())
    assert (unlocked.guesses_before, unlocked.failures) == (7, 3)
    assert run(person.client.status(person.safe)).guesses_left == 10

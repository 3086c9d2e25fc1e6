"""The site's own requests cross in one process as they cross to another host: the same messages, tickets and errors."""

import pytest

from vault.wire import messages
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.routes import STATUS
from vault.wire.ticket import Purpose
from webapp.server.vault_link import views
from webapp.server.vault_link.asking import ask

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def test_a_request_in_one_process_goes_through_the_vaults_edge(person, run):
    run(person.set_up())
    ticket = person.site.ticket(person.account, person.safe, Purpose.STATUS)
    assert ask(STATUS, ticket, messages.Empty()).guesses_left == 10
    with pytest.raises(VaultError) as again:
        ask(STATUS, ticket, messages.Empty())
    assert again.value.code is ErrorCode.TICKET_SPENT


def test_a_ticket_for_something_else_is_refused(person):
    with pytest.raises(VaultError) as refused:
        ask(STATUS, person.site.ticket(person.account, person.safe, Purpose.LOGIN), messages.Empty())
    assert refused.value.code is ErrorCode.TICKET_REFUSED


def test_a_vault_on_another_host_that_is_away_is_a_typed_error(person, settings):
    settings.VAULT_URL, settings.VAULT_CA = "http://127.0.0.1:1", None
    views.vault.cache_clear()
    with pytest.raises(VaultError) as away:
        ask(STATUS, "A", messages.Empty())
    assert away.value.code is ErrorCode.UNREACHABLE
    views.vault.cache_clear()

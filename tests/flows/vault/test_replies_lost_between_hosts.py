"""A reply lost between the site and a vault on another host costs no more than one lost before the browser."""

import json

import pytest

from tests.flows.vault.world import PASSWORD, WRONG, InProcessHttp
from vault.wire.errors import ErrorCode, VaultError
from webapp.engine.errors import SiteRefused
from webapp.engine.ports import Response
from webapp.engine.vault_client import WrongPassword

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


class Forwarding(InProcessHttp):
    """A site that asks the vault and, for the next `lost` logins, never hears its answer."""

    lost: int = 0

    async def request(self, method, path, *, body=None, headers=None):
        reply = await super().request(method, path, body=body, headers=headers)
        if self.lost and path.endswith("/logins"):
            self.lost -= 1
            error = VaultError(ErrorCode.UNREACHABLE)
            return Response(error.status, {}, json.dumps(error.body()).encode())
        return reply


@pytest.fixture
def forwarded(person):
    person.http = Forwarding()
    return person


def test_a_lost_reply_is_asked_for_again_and_charged_once(forwarded, run):
    run(forwarded.set_up())
    forwarded.http.lost = 2
    with pytest.raises(WrongPassword) as wrong:
        run(forwarded.login(WRONG))
    assert wrong.value.guesses_left == 9
    forwarded.http.lost = 2
    assert run(forwarded.login(PASSWORD)).guesses_before == 9


def test_a_vault_that_stays_away_is_said(forwarded, run):
    run(forwarded.set_up())
    forwarded.http.lost = 9
    with pytest.raises(SiteRefused) as away:
        run(forwarded.login(PASSWORD))
    assert away.value.code == "vault_unreachable"
    assert forwarded.http.lost == 6

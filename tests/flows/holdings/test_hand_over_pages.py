"""The page that says in plain words what can be handed over, and the admin's page about one account."""

import pytest
from django.test import Client

from tests.flows.holdings.conftest import FILES
from webapp.server.accounts.models import Account
from webapp.server.backups.models import Passkey

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(Account.objects.create_superuser("operator@example.org"))
    return client


def address(account: Account) -> str:
    return f"/admin/accounts/account/{account.pk}/hand-over/"


def test_everybody_can_read_it_and_it_is_linked(client: Client) -> None:
    page = client.get("/hand-over/").content.decode()
    for words in ("About you", "About your backups", "About your backup password", "What we cannot hand over"):
        assert words in page
    for path in ("/", "/limits/"):
        assert 'href="/hand-over/"' in client.get(path).content.decode()


def test_the_operator_sees_what_is_held_about_one_account(in_every_table: Account, operator: Client) -> None:
    page = operator.get(address(in_every_table)).content.decode()
    for words in ("mira@example.org", "backups.Chunk", "state active", "wrapped_key", "Not held"):
        assert words in page
    assert (
        address(in_every_table) in operator.get(f"/admin/accounts/account/{in_every_table.pk}/change/").content.decode()
    )


def test_nothing_on_it_reads_or_opens_anything(in_every_table: Account, operator: Client, client: Client) -> None:
    page = operator.get(address(in_every_table)).content.decode()
    for secret in ("heron", "chat.txt", "a.jpg", "sealed-secret", "a-key-that-confirms", client.session.session_key):
        assert secret not in page
    assert bytes(Passkey.objects.get().wrapped_key).hex() not in page
    assert FILES[1].content[:16].hex() not in page


def test_only_staff_that_may_see_accounts_sees_it_and_nothing_is_posted(
    in_every_table: Account, operator: Client
) -> None:
    helper = Account.objects.create_user("helper@example.org", is_staff=True)
    staff = Client()
    staff.force_login(helper)
    assert staff.get(address(in_every_table)).status_code == 403
    owner = Client()
    owner.force_login(in_every_table)
    assert owner.get(address(in_every_table)).status_code == 302
    assert operator.post(address(in_every_table)).status_code == 405
    assert operator.get("/admin/accounts/account/x1/hand-over/").status_code == 404

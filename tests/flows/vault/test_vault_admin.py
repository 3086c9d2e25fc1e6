"""The admin looks at records and can do nothing to them: no secret is shown, no guess refunded, no record revived."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.flows.vault.world import WRONG, Guess
from vault.server.models import Identity, LoginState, Record, Safe, SpentTicket

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

SECRET_COLUMNS = ("sealed_evaluation", "sealed_wrapped_key", "content", "counter_mac")


@pytest.fixture
def superuser(django_user_model):
    account = django_user_model(email="operator@example.org", is_staff=True, is_superuser=True)
    account.set_unusable_password()
    account.save()
    client = Client()
    client.force_login(account)
    return client


def pages(record):
    return [
        reverse("admin:vault_record_changelist"),
        reverse("admin:vault_record_change", args=[record.pk]),
        reverse("admin:vault_record_changelist") + f"?q={record.record_id.hex()}",
        reverse("admin:vault_record_changelist") + "?q=nothing",
        reverse("admin:vault_safe_changelist"),
        reverse("admin:vault_safe_change", args=[record.safe.pk]),
    ]


def test_records_are_shown_with_state_guesses_epoch_and_time(person, run, superuser):
    record_id = run(person.set_up())
    Guess(person, WRONG).start()
    page = superuser.get(reverse("admin:vault_record_changelist"))
    assert page.status_code == 200
    text = page.content.decode()
    assert record_id.hex() in text
    assert "active" in text


def test_no_page_shows_a_secret(person, run, superuser):
    run(person.set_up())
    Guess(person, WRONG).start()
    record = person.record()
    for page in pages(record):
        response = superuser.get(page)
        assert response.status_code == 200
        for column in SECRET_COLUMNS:
            value = getattr(record, column)
            assert f'name="{column}"' not in response.content.decode()
            assert f"field-{column}" not in response.content.decode()
            assert value.hex() not in response.content.decode()
            assert repr(value) not in response.content.decode()


@pytest.mark.parametrize("model", ["record", "safe"])
@pytest.mark.parametrize("power", ["add", "change", "delete", "action"])
def test_nobody_adds_changes_or_deletes(person, run, superuser, model, power):
    run(person.set_up())
    Guess(person, WRONG).start()
    before = list(Record.objects.using("vault").values()), list(Safe.objects.using("vault").values())
    row = person.record() if model == "record" else person.record().safe
    addresses = {
        "add": reverse(f"admin:vault_{model}_add"),
        "change": reverse(f"admin:vault_{model}_change", args=[row.pk]),
        "delete": reverse(f"admin:vault_{model}_delete", args=[row.pk]),
        "action": reverse(f"admin:vault_{model}_changelist"),
    }
    data = {
        "guesses_left": 10,
        "state": "active",
        "post": "yes",
        "action": "delete_selected",
        "_selected_action": row.pk,
    }
    response = superuser.post(addresses[power], data)
    assert response.status_code == (200 if power == "action" else 403)
    assert before == (list(Record.objects.using("vault").values()), list(Safe.objects.using("vault").values()))


def test_login_states_tickets_and_the_identity_have_no_page():
    assert not {Identity, LoginState, SpentTicket} & set(admin.site._registry)


def test_no_page_offers_an_action(person, run, superuser):
    run(person.set_up())
    page = superuser.get(reverse("admin:vault_record_changelist")).content.decode()
    assert "delete_selected" not in page
    assert "_selected_action" not in page

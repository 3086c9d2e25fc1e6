"""Every address of the admin, asked and posted to as superuser: no secret byte comes out, and no power goes in."""

import base64
import itertools

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.flows.vault.world import PASSWORD, WRONG, Guess
from vault.lockout import State
from vault.server.models import ClockMark, Event, Identity, LoginState, Record, Rotation, Safe
from vault.server.services import ending, rotation, sealing

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]

HOSTILE = {
    "guesses_left": 10, "failures": 0, "charges": 0, "state": "active", "paused": "", "version": 1,
    "post": "yes", "action": "delete_selected", "select_across": 1, "index": 0, "_save": "Save", "_saveasnew": "1",
    "confirm": "yes", "sealed_evaluation": "00", "counter_mac": "00", "kind": "recovered", "phase": "done", "epoch": 1,
    "events-TOTAL_FORMS": 1, "events-INITIAL_FORMS": 0, "events-0-kind": "recovered", "events-0-number": 99,
    "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": 1, "form-0-guesses_left": 10,
}  # fmt: skip


@pytest.fixture
def superuser(django_user_model):
    account = django_user_model(email="operator@example.org", is_staff=True, is_superuser=True)
    account.set_unusable_password()
    account.save()
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def history(person, run, no_waits):
    """An active record with wrong guesses, a login under way, a destroyed record of the same safe, a rotation."""
    record = run(person.set_up())
    run(person.client.destroy(person.safe, person.key, record, 1))
    run(person.client.register_password(person.safe, person.key, PASSWORD))
    rotation.rotate()
    Guess(person, PASSWORD).start()
    return person


def addresses():
    """Every page of the vault's models: each named address of their admins, for each row."""
    for model, registered in admin.site._registry.items():
        if model._meta.app_label != "vault":
            continue
        rows = list(model._default_manager.using("vault").values_list("pk", flat=True))
        for pattern in registered.get_urls():
            if not pattern.name:
                continue
            for arguments in ([], *([row] for row in rows)):
                try:
                    yield reverse(f"admin:{pattern.name}", args=arguments)
                except NoReverseMatch:
                    continue
    yield reverse("admin:index")
    yield reverse("admin:app_list", args=["vault"])


def secrets_of_the_vault():
    """Every byte string in it that is not an id, and what the sealed ones hold."""
    for model in (Identity, ClockMark, Safe, Record, LoginState):
        for row in model._default_manager.using("vault").values():
            for column, value in row.items():
                if isinstance(value, bytes) and (column.startswith("sealed") or "mac" in column or column in _UNSHOWN):
                    yield value
    identity = Identity.objects.using("vault").get()
    yield from sealing.open_identity(identity)
    for record in Record.objects.using("vault").exclude(sealed_evaluation=None):
        yield from filter(None, sealing.open_evaluation(record))
        yield sealing.open_wrapped_key(record)
    for login in LoginState.objects.using("vault").exclude(sealed=None).select_related("record"):
        yield from sealing.open_login(login, login.record)


_UNSHOWN = {"content", "head", "owner_public_key", "ke1_digest", "ticket_id", "request_id", "login_id"}


def spellings(value):
    yield value.hex()
    yield base64.b64encode(value).decode().rstrip("=")
    yield base64.urlsafe_b64encode(value).decode().rstrip("=")
    yield repr(value)[2:-1]
    yield value.hex(" ")


def everything():
    """All rows of the vault."""
    with connections["vault"].cursor() as cursor:
        names = [name for name in connections["vault"].introspection.table_names(cursor) if name.startswith("vault_")]
        tables = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY 1')
            tables[name] = cursor.fetchall()
    return tables


def test_no_page_shows_a_secret(history, superuser):
    hidden = {spelling for value in secrets_of_the_vault() if len(value) >= 16 for spelling in spellings(value)}
    assert len(hidden) > 50
    seen = 0
    for address in addresses():
        page = superuser.get(address)
        if page.status_code == 200:
            text = page.content.decode()
            assert not [spelling for spelling in hidden if spelling in text], address
            seen += 1
    assert seen >= 12


def test_nothing_that_is_posted_changes_anything(history, superuser):
    before = everything()
    tried = 0
    for address, selected in itertools.product(list(addresses()), (1, 2)):
        reply = superuser.post(address, {**HOSTILE, "_selected_action": selected})
        assert reply.status_code in {200, 302, 403, 404, 405}, address
        tried += 1
    assert tried > 20
    assert everything() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_changes_anything(history, superuser, method):
    before = everything()
    for address in addresses():
        getattr(superuser, method)(address)
    assert everything() == before


def test_no_admin_of_the_vault_has_an_action_or_an_editable_column(history, rf, django_user_model):
    request = rf.get("/")
    request.user = django_user_model(is_superuser=True, is_staff=True, is_active=True)
    for model, registered in admin.site._registry.items():
        if model._meta.app_label == "vault":
            assert registered.get_actions(request) == {}
            assert not registered.list_editable
            assert set(registered.get_fields(request)) <= set(registered.get_readonly_fields(request))
            assert not registered.has_add_permission(request)
            assert not registered.has_change_permission(request)
            assert not registered.has_delete_permission(request)


def test_what_is_secret_has_no_page(database):
    assert not {Identity, LoginState, ClockMark} & set(admin.site._registry)


def test_a_destroyed_record_stays_destroyed_whatever_is_posted(history, superuser):
    gone = Record.objects.using("vault").get(state=State.DESTROYED.value)
    superuser.post(reverse("admin:vault_record_change", args=[gone.pk]), HOSTILE)
    gone.refresh_from_db(using="vault")
    assert (gone.state, gone.guesses_left, gone.sealed_evaluation) == ("destroyed", 0, None)


def test_records_are_found_by_each_of_their_ids(history, superuser):
    record = history.record()
    for wanted in (record.record_id, history.safe, history.account):
        for model in ("record", "safe", "event"):
            page = superuser.get(reverse(f"admin:vault_{model}_changelist"), {"q": wanted.hex()}).content.decode()
            assert reverse(f"admin:vault_{model}_changelist") in page
            found = {"record": record.record_id, "safe": history.safe, "event": record.record_id}[model]
            assert found.hex() in page, (model, wanted)
    nothing = superuser.get(reverse("admin:vault_record_changelist"), {"q": "00" * 16}).content.decode()
    assert record.record_id.hex() not in nothing


def test_a_record_shows_its_state_lock_epoch_and_events(person, run, superuser):
    run(person.set_up())
    for _ in range(3):
        Guess(person, WRONG).start()
    page = superuser.get(reverse("admin:vault_record_change", args=[person.record().pk])).content.decode()
    for word in ("active", "Locked until", "guess_charged", "locked", "5 events", person.account.hex()):
        assert word in page, word


def test_the_charts_count_guesses_lockouts_and_recoveries(person, run, superuser, clock):
    run(person.set_up())
    for _ in range(3):
        Guess(person, WRONG).start()
    clock.move(seconds=61)
    ending.sweep()
    run(person.login())
    page = superuser.get(reverse("admin:vault_event_changelist"))
    assert [(chart.title, chart.total) for chart in page.context["charts"]] == [
        ("Guesses", 4),
        ("Lockouts", 2),
        ("Recoveries", 1),
    ]
    text = page.content.decode()
    assert "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text


def test_an_old_event_is_in_no_chart(person, run, superuser):
    run(person.set_up())
    Guess(person, WRONG).start()
    from datetime import timedelta

    from django.db.models import F

    Event.objects.using("vault").update(at=F("at") - timedelta(days=31))
    page = superuser.get(reverse("admin:vault_event_changelist"))
    assert [chart.total for chart in page.context["charts"]] == [0, 0, 0]


def test_rotations_are_listed(history, superuser):
    assert Rotation.objects.using("vault").count() == 1
    assert "done" in superuser.get(reverse("admin:vault_rotation_changelist")).content.decode()

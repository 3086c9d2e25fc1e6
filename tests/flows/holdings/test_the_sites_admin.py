"""The site's admin: a front page of figures, a limit that can be set, and nothing that reads or opens anything."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.flows.circle.world import Visitor
from tests.flows.holdings.conftest import FILES
from webapp.server.accounts.models import Account
from webapp.server.backups import selectors
from webapp.server.backups.models import Chunk, Quota, Safe, Snapshot
from webapp.server.holdings.tables import TABLES
from webapp.server.ops.models import TaskRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

HOSTILE = {
    "post": "yes", "action": "delete_selected", "select_across": 1, "index": 0, "_save": "Save", "confirm": "yes",
    "stored_bytes": 0, "bytes": 1, "owner_public_key": "00", "head": "", "state": "waiting",
    "email": "thief@example.org", "key": "x", "data": "{}", "digest": "00", "wrapped_key": "00", "guesses_left": 10,
    "purge_after_0": "2020-01-01", "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": 1,
}  # fmt: skip
# Set here by whoever may: switches of an account, limits; and what the asking itself writes.
MAY_CHANGE = {"backups.Quota", "admin.LogEntry", "sessions.Session", "usersessions.UserSession", "ops.TaskRun"}


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(Account.objects.create_superuser("operator@example.org"))
    return client


def models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label != "vault":
            yield model


def addresses() -> Iterator[str]:
    """Every page of every table in the admin, for each row, and the pages above them."""
    for model, registered in list(admin.site._registry.items()):
        if model._meta.app_label == "vault":
            continue
        rows = list(model._default_manager.values_list("pk", flat=True))
        for pattern in registered.get_urls():
            for arguments in ([], *([row] for row in rows)):
                try:
                    yield reverse(f"admin:{pattern.name}", args=arguments)
                except NoReverseMatch:
                    continue
    yield reverse("admin:index")
    for label in {model._meta.app_label for model in admin.site._registry}:
        yield reverse("admin:app_list", args=[label])


def withheld_values() -> set[str]:
    """What the list of holdings keeps back, as it could appear on a page."""
    found = set()
    for table in TABLES:
        for row in table.of._default_manager.values(*table.withheld):
            for column, value in row.items():
                if isinstance(value, bytes | memoryview) and column != "account_id":
                    found.add(bytes(value).hex())
                elif isinstance(value, str) and len(value) >= 12:
                    found |= {value, value.splitlines()[0]} - {"<!DOCTYPE html>"}
    return {value for value in found if len(value) >= 12}


def everything() -> dict[str, list[Any]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in models()
        if model._meta.label not in MAY_CHANGE
    }


def test_no_page_shows_what_reads_or_opens_anything(in_every_table: Account, operator: Client) -> None:
    hidden = withheld_values() | {"heron", "chat.txt", "a.jpg", "a long password of mine", "sealed-secret"}
    hidden |= {FILES[1].content[:16].hex()}
    assert len(hidden) > 15
    seen = 0
    for address in addresses():
        page = operator.get(address)
        if page.status_code == 200:
            text = page.content.decode()
            assert [value for value in hidden if value in text] == [], address
            seen += 1
    assert seen >= 25


def test_nothing_that_is_posted_changes_a_backup_a_mail_or_a_way_in(in_every_table: Account, operator: Client) -> None:
    before = everything()
    tried = 0
    for address, selected in itertools.product(list(addresses()), (1, 2)):
        # Switches of accounts have tests of their own; here they stay as they are.
        given = {**HOSTILE, "is_active": "on", "_selected_action": selected}
        reply = operator.post(address, given)
        assert reply.status_code in {200, 302, 403, 404, 405}, address
        tried += 1
    assert tried > 40
    after = everything()
    assert {label for label in before if before[label] != after[label]} == set()


def test_the_front_page_tells_how_the_house_stands(backed_up: Visitor, operator: Client) -> None:
    chunk = Chunk.objects.first()
    Chunk.objects.filter(pk=chunk.pk).update(damaged=timezone.now())
    Safe.objects.update(touched=timezone.now() - timedelta(days=360))
    TaskRun.objects.create(
        name="backups.scrub", started=timezone.now(), error="OSError", outcome="failure", seconds=1.5
    )
    page = operator.get("/admin/")
    figures = {figure.name: figure for figure in page.context["figures"]}
    assert figures["Backups"].value == 1
    assert figures["Damaged pieces"].value == 1
    assert figures["Damaged pieces"].wrong
    assert figures["Failing tasks"].value == 1
    assert figures["Stored"].value == Safe.objects.get().stored_bytes
    charts = {chart.title: chart for chart in page.context["charts"]}
    assert charts["Backups"].total == 1
    assert charts["Backups"].bars[-1].count == 1
    assert charts["Safes that would expire"].total == 1
    assert charts["Safes that would expire"].bars[5].count == 1
    text = page.content.decode()
    for words in ("backups.scrub", "OSError", "leaving.end_accounts", "mira@example.org", "Next run", "<svg"):
        assert words in text, words
    assert "No worker has begun anything lately" not in text


def test_the_front_page_shows_an_accounts_own_limit_also_where_it_may_store_nothing_more(
    backed_up: Visitor, operator: Client
) -> None:
    for limit, shown, share in ((50 * 1000**3, "50.0 GB", 0), (0, "0 bytes", 100)):
        Quota.objects.update_or_create(account=backed_up.account, defaults={"bytes": limit})
        (row,) = operator.get("/admin/").context["largest"]
        assert (row["limit"], row["share"]) == (shown, share)


def test_an_empty_house_has_a_front_page_too(operator: Client) -> None:
    text = operator.get("/admin/").content.decode()
    for words in ("Nobody stores anything yet", "None that a scrub has found", "No worker has begun anything lately"):
        assert words in text


def test_staff_without_every_right_see_no_figures(backed_up: Visitor) -> None:
    client = Client()
    client.force_login(Account.objects.create_user("helper@example.org", is_staff=True))
    text = client.get("/admin/").content.decode()
    assert "Who stores most" not in text
    assert "mira@example.org" not in text


def test_a_limit_is_set_in_gigabytes_changed_and_taken_away(backed_up: Visitor, operator: Client) -> None:
    person = backed_up.account
    operator.post("/admin/backups/quota/add/", {"account": person.pk, "gigabytes": "2.5"})
    assert selectors.quota_of(person) == 2_500_000_000
    quota = Quota.objects.get()
    operator.post(f"/admin/backups/quota/{quota.pk}/change/", {"gigabytes": "7", "account": Account.objects.last().pk})
    assert selectors.quota_of(person) == 7_000_000_000
    refused = operator.post(f"/admin/backups/quota/{quota.pk}/change/", {"gigabytes": "-1"})
    assert refused.status_code == 200
    assert selectors.quota_of(person) == 7_000_000_000
    operator.post(f"/admin/backups/quota/{quota.pk}/delete/", {"post": "yes"})
    assert selectors.quota_of(person) == 50 * 1000**3
    assert Snapshot.objects.count() == 1

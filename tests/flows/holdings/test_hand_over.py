"""What the operator can hand over: every table and column is accounted for, and nothing readable is among them."""

import io
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client

from tests.flows.circle.world import Visitor
from tests.flows.holdings.conftest import FILES
from webapp.server.accounts.models import Account
from webapp.server.backups.models import Chunk, Safe, Snapshot
from webapp.server.holdings import report, vault
from webapp.server.holdings.tables import ABOUT_NOBODY, TABLES
from webapp.server.settings.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

COVERED = {table.model: table for table in TABLES}


def tables_of(*labels: str, but: bool = False) -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if (model._meta.app_label in labels) != but:
            yield model


def handed_over(account: Account) -> dict[str, Any]:
    return dict(json.loads("".join(report.document(account))))


def test_every_table_of_the_site_is_about_accounts_and_covered_or_about_nobody() -> None:
    all_tables = {model._meta.label for model in tables_of("vault", but=True)}
    assert all_tables == set(COVERED) | set(ABOUT_NOBODY)
    assert not set(COVERED) & set(ABOUT_NOBODY)


def test_no_table_about_nobody_has_a_relation_to_an_account() -> None:
    related = {Account}
    while True:
        more = {
            model
            for model in tables_of("vault", but=True)
            for column in model._meta.concrete_fields
            if column.remote_field is not None and column.remote_field.model in related
        }
        if more <= related:
            break
        related |= more
    assert len(related) > 12
    assert {model._meta.label for model in related} <= set(COVERED)
    named = ("account", "safe_id", "email", "recipient", "user")
    for model in tables_of("vault", but=True):
        if any(word in column.attname for column in model._meta.concrete_fields for word in named):
            assert model._meta.label in COVERED, model


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_every_column_is_shown_or_said_to_be_withheld_and_why(table: Any) -> None:
    columns = [column.attname for column in table.of._meta.concrete_fields]
    assert sorted(columns) == sorted([*table.shown, *table.withheld])
    assert all(table.withheld.values())


def test_every_table_of_the_vault_is_named() -> None:
    names = {model.__name__ for model in tables_of("vault")}
    assert names == set(vault.KEPT_THERE) | set(vault.ABOUT_NOBODY)


def test_every_table_is_on_the_page_of_what_is_stored() -> None:
    page = (ROOT / "docs" / "storage.md").read_text(encoding="utf-8")
    patterns = [name for name in re.findall(r"`([a-z_]+\*?)`", page) if "_" in name]
    missing = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if not any(fnmatch(model._meta.db_table, pattern) for pattern in patterns)
    ]
    assert missing == []


def test_no_table_is_forgotten_when_the_account_has_rows_everywhere(in_every_table: Account) -> None:
    document = handed_over(in_every_table)
    counts = {table["table"]: len(table["rows"]) for table in document["tables"]}
    assert [name for name, count in counts.items() if not count] == []
    assert counts["backups.Chunk"] == Chunk.objects.count()


def test_another_accounts_rows_are_not_among_them(in_every_table: Account) -> None:
    other = Account.objects.create_user("bo@example.org")
    document = handed_over(other)
    counts = {table["table"]: len(table["rows"]) for table in document["tables"] if table["rows"]}
    assert counts == {"accounts.Account": 1}
    assert document["vault"]["answers"] == []
    assert "mira" not in json.dumps(document)


def test_objects_are_named_as_they_lie_in_the_store(in_every_table: Account, store: Any) -> None:
    document = handed_over(in_every_table)
    rows = {table["table"]: table["rows"] for table in document["tables"]}
    named = {row["object"]: row["size"] for row in rows["backups.Chunk"]}
    lists = {name for row in rows["backups.Snapshot"] for name in row["objects"]}
    lying = {
        path.relative_to(store).as_posix(): path.stat().st_size
        for path in store.rglob("*")
        if path.is_file() and "/" in path.relative_to(store).as_posix()
    }
    assert set(lying) == set(named) | lists
    assert all(lying[name] == size for name, size in named.items())


def test_the_vault_is_asked_for_the_state_of_the_password(in_every_table: Account) -> None:
    (answer,) = handed_over(in_every_table)["vault"]["answers"]
    assert answer["safe"] == bytes(Safe.objects.get().safe_id).hex()
    assert (answer["state"], answer["guesses_left"]) == ("active", 10)


def test_a_vault_that_does_not_answer_is_said_to(in_every_table: Account, settings: Any) -> None:
    settings.VAULT_URL = "http://127.0.0.1:1"
    (answer,) = handed_over(in_every_table)["vault"]["answers"]
    assert answer["state"] == "no answer: vault_unreachable"


def test_looking_costs_no_guess_and_leaves_no_trace_with_the_password(in_every_table: Account) -> None:
    first = handed_over(in_every_table)["vault"]["answers"]
    assert handed_over(in_every_table)["vault"]["answers"] == first


def test_nothing_readable_and_nothing_that_opens_is_in_it(in_every_table: Account, client: Client) -> None:
    text = "".join(report.document(in_every_table))
    for word in ("heron", "Mira:", "chat.txt", "a.jpg", "a long password of mine"):
        assert word not in text
    assert FILES[0].content[:20].hex() not in text
    assert client.session.session_key not in text
    assert "sealed-secret" not in text
    assert "a-key-that-confirms" not in text
    assert (b"w" * 60).hex() not in text


def test_the_command_says_it_in_words_and_in_json(in_every_table: Account) -> None:
    words, whole = io.StringIO(), io.StringIO()
    call_command("hand_over", "Mira@example.org", stdout=words)
    call_command("hand_over", "mira@example.org", json=True, stdout=whole)
    for part in ("Safes (backups.Safe): 1", "state active", "Not held", "a secret sealed by this site"):
        assert part in words.getvalue()
    assert json.loads(whole.getvalue())["account"] == "mira@example.org"


def test_nobody_is_said_to_be_nobody(db: None) -> None:
    with pytest.raises(CommandError, match="no account with this address"):
        call_command("hand_over", "nobody@example.org")


def test_mails_to_an_earlier_address_and_only_to_this_account_are_found(backed_up: Visitor) -> None:
    from webapp.server.notices.outbox import write

    for address in ("mira@example.org", "amira@example.org", "mira@example.organic"):
        write(recipients=[address], sender="x@example.org", subject="s", text="t", headers={})
    rows = {table["table"]: table["rows"] for table in handed_over(backed_up.account)["tables"]}
    assert [row["recipients"] for row in rows["notices.Mail"]] == [["mira@example.org"]]
    assert Snapshot.objects.count() == 1

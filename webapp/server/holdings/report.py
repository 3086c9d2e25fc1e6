"""The whole of it as one JSON document, written while it is read: a million sealed pieces need no memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from webapp.server.accounts.models import Account

from . import vault
from .table import Row, Table, said
from .tables import TABLES

FORMAT = "coffer holdings, version 1"
BESIDES = (
    "Counters of the last hours, by which tries are limited, under the account's number or a digest (coffer_cache).",
    "Log lines about problems: time, page and a random name of the request; no body, code, e-mail address or key.",
    "Copies of these tables in the operator's own backups, for as long as those are kept.",
)
NOT_HELD = (
    "messages, pictures, names of chats, people or files",
    "the 64-digit key, the backup password, or anything that would show whether a guess at them is right",
    "what was searched or read in the app",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One table's share, counted, with its newest rows."""

    table: Table
    count: int
    newest: list[Row]

    @property
    def columns(self) -> list[str]:
        """Names over the newest rows."""
        return list(self.newest[0]) if self.newest else list(self.table.shown)


def overview(account: Account, newest: int) -> list[Part]:
    """Every table, the empty ones too, each with at most `newest` rows, the last first."""
    parts = []
    for table in TABLES:
        query = table.query(account)
        rows = [table.row(row) for row in query.reverse()[:newest]]
        parts.append(Part(table, query.count(), rows))
    return parts


def document(account: Account) -> Iterator[str]:
    """The JSON text, in pieces."""
    head = {"format": FORMAT, "made": said(timezone.now()), "site": settings.SITE_ORIGIN, "account": account.email}
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "tables": ['
    for number, table in enumerate(TABLES):
        facts = {"table": table.model, "title": table.title, "held_but_not_shown": dict(table.withheld)}
        yield ("," if number else "") + "\n  " + json.dumps(facts, ensure_ascii=False)[:-1] + ', "rows": ['
        yield from _rows(table.rows(account))
        yield "]}"
    yield '\n ],\n "vault": {"asked": "POST /vault/v1/status, once a safe", "keeps": '
    yield json.dumps(vault.KEPT_THERE, ensure_ascii=False) + ', "answers": ['
    yield from _rows(vault.asked(account))
    yield ']},\n "besides": ' + json.dumps(BESIDES, ensure_ascii=False)
    yield ',\n "not_held": ' + json.dumps(NOT_HELD, ensure_ascii=False) + "\n}\n"


def _rows(rows: Iterator[Row]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n   " + json.dumps(row, ensure_ascii=False)

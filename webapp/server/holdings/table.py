"""How a table is laid open: whose rows they are, which columns are shown, and why the others are not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from webapp.server.accounts.models import Account

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """One table that has rows about an account.

    model: "app.Model"; title: for a person; own: an account → its rows; shown: columns, said as they are; withheld:
    column → why its content stays out of a report (it is held all the same); more: further words made of a row.
    """

    model: str
    title: str
    own: Callable[[Account, QuerySet[Any]], QuerySet[Any]]
    shown: tuple[str, ...]
    withheld: Mapping[str, str] = field(default_factory=dict)
    more: Callable[[Any], Row] | None = None

    @property
    def of(self) -> type[Model]:
        """The model's class."""
        return apps.get_model(self.model)

    def query(self, account: Account) -> QuerySet[Any]:
        """The account's rows, oldest first."""
        return self.own(account, self.of._default_manager.all()).order_by("pk")

    def rows(self, account: Account) -> Iterator[Row]:
        """One dictionary a row, read from the database as it is asked for."""
        return map(self.row, self.query(account).iterator(chunk_size=500))

    def row(self, row: Any) -> Row:
        """One row, in the words of this table."""
        words = {name: said(getattr(row, name)) for name in self.shown}
        return words if self.more is None else {**words, **self.more(row)}


def said(value: object) -> object:
    """A value as JSON has it: bytes in hexadecimal, times in UTC."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)

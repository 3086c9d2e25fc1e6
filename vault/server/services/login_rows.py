"""What one message of a login looks at, in one statement: read by itself, each row would cost more than the guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connections
from django.db.models import Model

from vault.lockout import State
from vault.server import rows
from vault.server.models import ClockMark, Identity, LoginState, Record, Safe, SpentTicket
from vault.server.router import ALIAS
from vault.wire.ticket import AccountTicket


@dataclass(frozen=True, slots=True)
class Asked:
    """For KE1. record is held until the transaction ends; login: what this ticket was charged for; spent: on whatever.
    Nothing is vouched for yet."""

    safe: Safe
    record: Record
    mark: ClockMark | None
    identity: Identity | None
    login: LoginState | None
    spent: bool


@dataclass(frozen=True, slots=True)
class Proving:
    """For KE3. record is held until the transaction ends. Nothing is vouched for yet."""

    login: LoginState
    record: Record
    safe: Safe


def asked(ticket: AccountTicket, state: State) -> Asked | None:
    """The ticket's safe and its record of this state, in a transaction; None where there is no such record."""
    statement, widths = _asked(connections[ALIAS].vendor)
    values = (state.value, ticket.ticket_id, ticket.ticket_id, ticket.account, ticket.safe)
    row = rows.run(statement, values).fetchone()
    if row is None:
        return None
    safe, record, mark, identity, login = _split(row, (Safe, Record, ClockMark, Identity, LoginState), widths)
    return Asked(safe, record, mark, identity, login, spent=row[-1] is not None)


def proving(ticket: AccountTicket, login_id: bytes) -> Proving | None:
    """The login state that this very ticket was spent on, whatever its age, in a transaction."""
    statement, widths = _proving(connections[ALIAS].vendor)
    row = rows.run(statement, (login_id, ticket.ticket_id, ticket.account, ticket.safe)).fetchone()
    if row is None:
        return None
    login, record, safe = _split(row, (LoginState, Record, Safe), widths)
    return Proving(login, record, safe)


def consume(login: LoginState) -> bool:
    """Delete the login state; → whether it was still there. With its record held, nobody else decides about it."""
    return bool(rows.run(f"DELETE FROM {rows.table(LoginState).name} WHERE id = %s", (login.pk,)).rowcount)  # noqa: S608


def keep(login: LoginState, sealed: bytes) -> bool:
    """Store what was computed for a committed charge, if nothing was yet and the row is as it was charged.

    Compare-and-swap of the whole row, its epoch included: a row that a rotation has yet to seal anew keeps its old
    key until it has, so that nothing is written under a key that is gone.
    """
    names = [field.attname for field in LoginState._meta.local_concrete_fields if field.attname != "id"]
    unchanged = {name: getattr(login, name) for name in names} | {"sealed": None}
    return bool(rows.table(LoginState).update({"sealed": sealed}, unchanged))


def _split(row: Sequence[Any], models: Iterable[type[Model]], widths: Iterable[int]) -> list[Any]:
    found: list[Any] = []
    start = 0
    for model, width in zip(models, widths, strict=True):
        found.append(rows.table(model).read(row[start : start + width]))
        start += width
    return found


@cache
def _asked(vendor: str) -> tuple[str, tuple[int, ...]]:
    safe, record, mark, identity, login, spent = map(
        rows.table, (Safe, Record, ClockMark, Identity, LoginState, SpentTicket)
    )
    statement = " ".join(
        (
            f"SELECT {safe.columns('s')}, {record.columns('r')}, {mark.columns('m')}, {identity.columns('i')},",
            f"{login.columns('l')}, t.id",
            f"FROM {safe.name} s JOIN {record.name} r ON r.safe_id = s.id AND r.state = %s",
            f"LEFT JOIN {mark.name} m ON m.id = {ClockMark.ONLY} LEFT JOIN {identity.name} i ON i.id = {Identity.ONLY}",
            f"LEFT JOIN {login.name} l ON l.ticket_id = %s LEFT JOIN {spent.name} t ON t.ticket_id = %s",
            f"WHERE s.account_id = %s AND s.safe_id = %s{rows.locking('r')}",
        )
    )
    return statement, (safe.width, record.width, mark.width, identity.width, login.width)


@cache
def _proving(vendor: str) -> tuple[str, tuple[int, ...]]:
    login, record, safe = map(rows.table, (LoginState, Record, Safe))
    statement = " ".join(
        (
            f"SELECT {login.columns('l')}, {record.columns('r')}, {safe.columns('s')}",
            f"FROM {login.name} l JOIN {record.name} r ON r.id = l.record_id JOIN {safe.name} s ON s.id = r.safe_id",
            "WHERE l.login_id = %s AND l.ticket_id = %s AND l.sealed IS NOT NULL",
            f"AND s.account_id = %s AND s.safe_id = %s{rows.locking('r')}",
        )
    )
    return statement, (login.width, record.width, safe.width)

"""What the key vault holds about an account's safes, asked for over the vault's own interface, wherever it runs.

The site cannot look into the vault, in one process as little as on two hosts: it asks `status`, once a safe, with a
ticket that it signs. What the vault keeps beyond its answer is named here, and a test compares it with its tables.
"""

from collections.abc import Iterator
from dataclasses import asdict

from vault.wire import messages, routes
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.ticket import Purpose
from webapp.server.accounts.models import Account
from webapp.server.vault_link.asking import ask
from webapp.server.vault_link.tickets import ticket_about

from .table import Row, said

# What the vault's database holds about an account, by table; who runs the vault sees it in the vault's admin.
KEPT_THERE = {
    "Safe": "the account's and the safe's random ids, the owner's public key, the newest backup's digest",
    "Record": "for each password: a record and a wrapped key, both sealed, the count of guesses, waits and times",
    "LoginState": "for a minute after each try: sealed values of that try",
    "Event": "what happened to each password, and when",
}
# And what it holds besides, which knows no account.
ABOUT_NOBODY = {
    "Identity": "the vault's own keys, sealed",
    "ClockMark": "the latest time it has seen",
    "Rotation": "when it changed its keys",
    "SweepRun": "when its tasks ran",
    "SpentTicket": "random numbers of tickets, for some minutes",
}


def asked(account: Account) -> Iterator[Row]:
    """One row a safe: what the vault answers to `status`, or why it does not."""
    for safe in account.safes.order_by("pk"):
        safe_id = bytes(safe.safe_id)
        ticket = ticket_about(bytes(account.public_id), safe_id, Purpose.STATUS)
        try:
            answer = ask(routes.STATUS, ticket, messages.Empty())
        except VaultError as error:
            nothing = error.code == ErrorCode.SAFE_UNKNOWN
            yield {"safe": safe_id.hex(), "state": "nothing" if nothing else f"no answer: {error.code.value}"}
        else:
            yield {"safe": safe_id.hex(), **{name: said(value) for name, value in asdict(answer).items()}}

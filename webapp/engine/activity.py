"""What happened to a safe's passwords, fetched from the vault, verified, and put into an order that a person can read.

It needs the session and not K: whoever is signed in may look before they unlock.
"""

from dataclasses import dataclass

from vault.wire.errors import ErrorCode

from .activity_file import FORMAT, ActivityBroken, ActivityFile, RecordActivity, faults
from .errors import SiteRefused
from .ports import CryptoProvider
from .vault_client import VaultClient

_CHARGES = ("guess_charged", "locked")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as a person sees it. what: the event's kind, or a word that says more of it:

    unlock_try     a guess that turned out to be right (its `recovered` follows)
    proved         a new password was proved before it takes the old one's place
    wrong_guess    a guess without a proof; attempt: how many there were in a row
    wait_again     the operator began a wait again
    guesses_used_up  destroyed by the last wrong guess (a record that its owner destroyed is `destroyed`)
    """

    version: int
    number: int
    what: str
    at: str
    guesses_left: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Newest first. failures: wrong guesses since the last unlock with the password in use; last_unlock: ISO 8601 UTC.

    state: of the record in use, else of the newest; none: the safe never had a password."""

    file: ActivityFile
    happenings: list[Happening]
    failures: int
    last_unlock: str | None
    state: str


async def activity(provider: CryptoProvider, vault: VaultClient, safe: bytes) -> Activity:
    """Raises ActivityBroken where anything was changed, left out or cut off; what VaultClient.events raises.

    A safe that the vault does not know has no events.
    """
    try:
        file = await _fetched(vault, safe)
    except SiteRefused as refused:
        if refused.code != ErrorCode.SAFE_UNKNOWN:
            raise
        return Activity(ActivityFile(FORMAT, vault.account, safe, vault.signing_public_key, ()), [], 0, None, "none")
    found = faults(file, provider.ed25519_verify, vault.signing_public_key)
    if found:
        raise ActivityBroken(found)
    told = [happening for record in file.records for happening in readable(record)]
    active = [record for record in file.records if record.state == "active"]
    newest = active[-1] if active else file.records[-1]
    last = [event.at for event in newest.events if event.kind == "recovered"]
    return Activity(
        file,
        sorted(told, key=lambda happening: (happening.at, happening.version, happening.number), reverse=True),
        _failures(readable(newest)),
        last[-1] if last else None,
        newest.state,
    )


async def _fetched(vault: VaultClient, safe: bytes) -> ActivityFile:
    records: list[RecordActivity] = []
    version: int | None = 0
    while version is not None:
        record = await _record(vault, safe, version)
        records.append(record)
        # A version that does not rise would ask for ever; `faults` says that the list is broken.
        version = record.next_version if (record.next_version or 0) > (record.version or 0) else None
    return ActivityFile(FORMAT, vault.account, safe, vault.signing_public_key, tuple(records))


async def _record(vault: VaultClient, safe: bytes, version: int) -> RecordActivity:
    """All pages of one record; the last one's signature covers them all."""
    nonce, page = await vault.events(safe, version, 0)
    events = list(page.events)
    while page.events and len(events) < page.count:
        nonce, page = await vault.events(safe, version, events[-1].number)
        events += page.events
    return RecordActivity(
        asked=version,
        record=page.record,
        version=page.version,
        state=page.state,
        count=page.count,
        head=page.head,
        next_version=page.next_version,
        nonce=nonce,
        signature=page.signature,
        events=tuple(events),
    )


def readable(record: RecordActivity) -> list[Happening]:
    """A record's events in their order, each with the word that says what it meant."""
    told: list[Happening] = []
    left, attempt = 0, 0
    open_guess: int | None = None
    staged = False
    for event in record.events:
        what = event.kind
        if event.kind in _CHARGES and event.guesses_left < left:
            attempt += 1
            what, open_guess = "wrong_guess", len(told)
        elif event.kind == "locked":
            what = "wait_again"
        elif event.kind == "recovered":
            if open_guess is not None:
                right = told[open_guess]
                told[open_guess] = Happening(
                    right.version, right.number, "unlock_try", right.at, right.guesses_left, right.attempt
                )
            attempt, open_guess = 0, None
            what = "proved" if staged else what
        elif event.kind == "destroyed" and left == 0:
            what = "guesses_used_up"
        staged = event.kind == "staged" or (staged and event.kind != "promoted")
        left = event.guesses_left
        told.append(Happening(record.version or 0, event.number, what, event.at, event.guesses_left, attempt))
    return told


def _failures(told: list[Happening]) -> int:
    unlocks = [position for position, happening in enumerate(told) if happening.what == "recovered"]
    since = told[unlocks[-1] + 1 :] if unlocks else told
    return sum(happening.what == "wrong_guess" for happening in since)

"""What of a record's history becomes mail, pure: (history, now) → letters, and which events are settled by it.

Charging comes before evaluating, so an event alone does not say whether a password was wrong: that is known when its
login has ended. docs/decisions/0012-what-owners-are-told.md has the reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vault.wire.limits import GUESSES, LOGIN_SECONDS

# A login has ended for certain, and its proof would have arrived with the feed.
LOGIN_OVER = timedelta(seconds=LOGIN_SECONDS + 15)
TOO_OLD = timedelta(days=2)
QUIET_BETWEEN_UNLOCKS = timedelta(hours=24)
# A shorter lock is told by its lifting alone.
LOCK_WORTH_TELLING = timedelta(minutes=10)
LAST_GUESSES = 3
_CHARGES = frozenset({"guess_charged", "locked"})
_AT_ONCE = {"replaced": "password_changed", "restored": "vault_restored"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a record. told: it became mail; waiting: nothing was decided yet."""

    number: int
    kind: str
    at: datetime
    guesses_left: int
    locked_until: datetime | None = None
    waiting: bool = True
    told: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. event: its folder under templates/emails; number: the event it tells; wrong: guesses without proof."""

    event: str
    number: int
    at: datetime
    guesses_left: int
    wrong: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """settled: numbers of events that need no more thought."""

    letters: tuple[Letter, ...]
    settled: frozenset[int]


def decide(history: Sequence[Entry], now: datetime) -> Decision:
    """history: all that is known of one record, by number."""
    letters: list[Letter] = []
    settled: set[int] = set()
    open_charges: list[Entry] = []
    staged = False
    wrong, left = 0, GUESSES + 1
    last_unlock_told: datetime | None = None
    for entry in history:
        charged = entry.kind in _CHARGES and entry.guesses_left < left
        wrong += charged
        if entry.waiting and now - entry.at > TOO_OLD:
            settled.add(entry.number)
        elif entry.waiting and charged:
            open_charges.append(entry)
        elif entry.waiting:
            # Proving a new password before it takes the old one's place is no unlock.
            proved_only = staged and entry.kind == "recovered"
            letter = None if proved_only else _at_once(entry, wrong, left, last_unlock_told)
            if letter is not None:
                letters.append(letter)
                if letter.event == "safe_unlocked":
                    last_unlock_told = entry.at
            settled.add(entry.number)
            if entry.kind in ("recovered", "lock_lifted", "destroyed", "replaced"):
                # What came before is part of this one's mail.
                settled |= {charge.number for charge in open_charges}
                open_charges.clear()
        elif entry.told and entry.kind == "recovered":
            last_unlock_told = entry.at
        if entry.kind == "recovered":
            wrong = 0
            settled |= {charge.number for charge in open_charges}
            open_charges.clear()
        staged = entry.kind == "staged" or (staged and entry.kind != "promoted")
        left = entry.guesses_left
    if open_charges and now - open_charges[-1].at >= LOGIN_OVER:
        letter = _of_charges(open_charges, wrong, now)
        if letter is not None:
            letters.append(letter)
        settled |= {charge.number for charge in open_charges}
    return Decision(tuple(letters), frozenset(settled))


def _at_once(entry: Entry, wrong: int, left: int, last_unlock_told: datetime | None) -> Letter | None:
    """The letter of an event that speaks for itself. wrong: charges since the last proof; left: guesses before it."""
    match entry.kind:
        case "recovered":
            before = max(0, wrong - 1)
            recent = last_unlock_told is not None and entry.at - last_unlock_told < QUIET_BETWEEN_UNLOCKS
            if recent and before == 0:
                return None
            return Letter("safe_unlocked", entry.number, entry.at, entry.guesses_left, before)
        case "lock_lifted":
            return Letter("guessing_unlocked", entry.number, entry.at, entry.guesses_left, wrong)
        case "destroyed":
            used_up = wrong > 0 and left == 0
            event = "password_used_up" if used_up else "password_removed"
            return Letter(event, entry.number, entry.at, entry.guesses_left, wrong)
        case kind if kind in _AT_ONCE:
            return Letter(_AT_ONCE[kind], entry.number, entry.at, entry.guesses_left, wrong)
        case _:
            return None


def _of_charges(charges: Sequence[Entry], wrong: int, now: datetime) -> Letter | None:
    """Of several guesses that ended without proof, the gravest is told."""
    latest = charges[-1]
    until = latest.locked_until if latest.locked_until is not None and latest.locked_until > now else None
    if latest.guesses_left <= LAST_GUESSES:
        event = "last_guesses"
    elif until is not None and until - now >= LOCK_WORTH_TELLING:
        event = "guessing_locked"
    elif wrong == len(charges):
        event = "wrong_guess"
    else:
        return None
    return Letter(event, latest.number, latest.at, latest.guesses_left, wrong, until)

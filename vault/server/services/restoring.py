"""After the database was restored from a dump: few guesses are left, owners are told, the dump works once only.

Guesses made after the dump was taken are forgotten by it. Three are left at most, so that nobody gains more than that
from an operator's restore; whoever knows the password needs one. Then the epoch is rotated at once, so that the same
dump, put back a second time, opens nothing.
"""

from dataclasses import dataclass

from vault import lockout
from vault.server import selectors

from . import identity, rotation, upkeep


@dataclass(frozen=True, slots=True)
class Restored:
    """cut: records whose budget was looked at, each with an event for its owner; closed: records that do not match
    their MAC."""

    cut: int
    closed: int
    rotated: rotation.Rotated


def after_restore(*, leave_closed: bool = False) -> Restored:
    """Cut, tell, rotate. Running it again after a crash is fine.

    Raises VaultError custody_down where the dump's epoch is gone, and what `rotation.rotate` raises.
    """
    identity.opened()
    cut, closed = upkeep.each(upkeep.keys(selectors.answering()), lambda pk: upkeep.ask_alone(pk, lockout.CutBudget()))
    return Restored(cut, closed, rotation.rotate(leave_closed=leave_closed))

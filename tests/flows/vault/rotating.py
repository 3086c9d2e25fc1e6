"""What the tests of rotations share: what the rows say, and a rotation that dies."""

from collections.abc import Callable

from vault.server.models import ClockMark, Identity, LoginState, Record, Safe
from vault.server.services import counter, events

SEALED = (Identity, ClockMark, Safe, Record, LoginState)


def epochs_of_rows() -> set[int]:
    return {
        epoch for model in SEALED for epoch in model._default_manager.using("vault").values_list("epoch", flat=True)
    }


def chains_hold() -> bool:
    records = list(Record.objects.using("vault").all())
    for record in records:
        counter.read(record)
    return all(map(events.chain_holds, records))


class Killed(BaseException):
    """The process died here."""


def killing(at: int) -> tuple[Callable[[str], None], list[str]]:
    """A step hook that dies at its `at`-th call, and what it has seen."""
    seen: list[str] = []

    def step(name: str) -> None:
        seen.append(name)
        if len(seen) == at:
            raise Killed

    return step, seen

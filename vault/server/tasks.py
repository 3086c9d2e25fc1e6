"""The vault's clockwork. Every task sweeps the database and may run twice, late or not at all: the rules are enforced
at request time, a dead worker neither opens nor prolongs anything."""

import logging
from contextlib import suppress

from celery import shared_task

from vault.wire.errors import VaultError

from .services import clock_mark, dump, ending, rotation

log = logging.getLogger("vault.tasks")


@shared_task(name="vault.end_expired_logins", ignore_result=True)  # type: ignore[untyped-decorator]
def end_expired_logins() -> dict[str, int]:
    """End expired login states (the last guess's unproven end destroys its record) and staged records whose hour is
    over, clear the marks of elapsed locks, forget abandoned registrations and spent tickets; → how many of each."""
    swept = ending.sweep()
    _watch_clock()
    if swept.closed:
        log.error("vault sweep left %d records alone: their counter does not match its MAC", swept.closed)
    return {
        "destroyed": swept.destroyed,
        "login_states": swept.login_states,
        "pending": swept.pending,
        "tickets": swept.tickets,
        "closed": swept.closed,
        "locks": swept.locks,
        "staged": swept.staged,
    }


def _watch_clock() -> None:
    """A vault that nobody asks anything still notices its clock go backwards."""
    with suppress(VaultError):
        clock_mark.advance()


# A million records take minutes, and far more would take longer than the limit of every other task. Cut at any moment,
# the next run goes on where this one was.
@shared_task(name="vault.rotate_epoch", ignore_result=True, time_limit=24 * 3600)  # type: ignore[untyped-decorator]
def rotate_epoch() -> dict[str, int]:
    """Rotate the epoch where it is due, or go on with a rotation that was interrupted; → what was done.

    Rows that do not match their MAC stop it: giving them up is the operator's decision.
    """
    if not rotation.due():
        return {"epoch": 0, "resealed": 0}
    try:
        done = rotation.rotate()
    except rotation.RowsClosed as error:
        log.error("the epoch was not rotated: %d rows do not match their MAC", error.rows)
    except dump.DumpRefused as error:
        log.error("the epoch was not rotated: %s", error)
    except VaultError as error:
        log.error("the epoch was not rotated: %s", error.code.value)
    else:
        return {"epoch": done.epoch, "resealed": done.resealed}
    return {"epoch": 0, "resealed": 0}

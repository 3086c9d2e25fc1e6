"""Rotating the epoch: a new key, every row sealed anew while the vault serves, a verified dump, the old key destroyed.

    begin       a new epoch key; from here on everything is written under it
    resealing   every older row, by compare-and-swap (resealing.py)
    dumping     a dump under the new key, every row of it opened (dump.py)
    destroying  the old keys, once no row needs them; with them go all older dumps and copies of the database

Each step is committed with how far it came, and each may be done twice: whoever runs `rotate` after a crash, or at the
same time, goes on where it stands. Epochs change only in `between_epochs`, when no other transaction runs.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connections
from django.db.models import F

from vault.server import configuration
from vault.server.clock import database_now
from vault.server.models import Identity, Rotation
from vault.server.router import ALIAS

from . import dump, resealing, sealing
from .transactions import between_epochs, durable

log = logging.getLogger("vault.server")

Step = Callable[[str], None]


class RowsClosed(Exception):
    """Rows do not match their MAC. They cannot be sealed anew, and would open nothing once the old key is gone: the
    operator looks first. `rows` says how many."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"{rows} rows do not match their MAC")
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Rotated:
    """epoch: the current one; resealed, closed: rows; dump: its verified dump."""

    epoch: int
    resealed: int
    closed: int
    dump: Path


def _quietly(step: str) -> None:
    """Nobody watches."""


def rotate(*, leave_closed: bool = False, step: Step = _quietly) -> Rotated:
    """Begin a rotation, or finish the one that stands. step: called between steps, outside transactions.

    leave_closed: go on though rows do not match their MAC; they open nothing afterwards. Raises RowsClosed,
    dump.DumpRefused, VaultError custody_down; running it again goes on.
    """
    rotation = _unfinished() or _begin()
    step("begun")
    while True:
        _reseal(rotation, leave_closed, step)
        step("resealed")
        _dump(rotation)
        step("dumped")
        if _destroy(rotation, step):
            break
        log.error("rows of an older epoch appeared after all were sealed anew: sealing again")
    step("destroyed")
    _forget_older_dumps(Path(rotation.dump))
    return Rotated(rotation.epoch, rotation.resealed, rotation.closed, Path(rotation.dump))


def due() -> bool:
    """Whether the worker is to rotate: one stands unfinished, or the current epoch is older than VAULT_ROTATE_DAYS."""
    if _unfinished() is not None:
        return True
    days = configuration.rotate_days()
    last = Rotation.objects.using(ALIAS).order_by("-epoch").values_list("started", flat=True).first()
    since = last or Identity.objects.using(ALIAS).values_list("created", flat=True).first()
    return bool(days) and since is not None and database_now() - since >= timedelta(days=days)


def _unfinished() -> Rotation | None:
    return Rotation.objects.using(ALIAS).exclude(phase="done").order_by("epoch").first()


def _begin() -> Rotation:
    with between_epochs():
        standing = _unfinished()
        if standing is not None:
            return standing
        custody = sealing.custody()
        with sealing.failing_closed():
            epochs = custody.epochs()
            # A crash right after the key was made has left it without its row.
            epoch = epochs[-1] if len(epochs) > 1 else custody.create_epoch()
        return Rotation.objects.using(ALIAS).create(epoch=epoch, started=database_now())


def _reseal(rotation: Rotation, leave_closed: bool, step: Step) -> None:
    def progress(rows: int) -> None:
        Rotation.objects.using(ALIAS).filter(pk=rotation.pk).update(resealed=F("resealed") + rows)
        step("batch")

    done = resealing.reseal(rotation.epoch, progress)
    if done.closed and not leave_closed:
        log.error("rotation stopped: %d rows do not match their MAC", done.closed)
        raise RowsClosed(done.closed)
    _set(rotation, phase="dumping", closed=done.closed)


def _dump(rotation: Rotation) -> None:
    moment = database_now().strftime("%Y%m%dT%H%M%S%f")
    path = configuration.dumps() / f"epoch-{rotation.epoch}-{moment}.sqlite3"
    verified = dump.write(path)
    if verified.closed > rotation.closed or not verified.epochs <= {rotation.epoch}:
        path.unlink()
        raise dump.DumpRefused("the dump holds rows that are not of the new epoch")
    _set(rotation, phase="destroying", dump=str(path))


def _destroy(rotation: Rotation, step: Step) -> bool:
    """→ whether the old keys are gone; False where a row still needs one."""
    with between_epochs():
        if resealing.older_rows(rotation.epoch) > rotation.closed:
            return False
        custody = sealing.custody()
        with sealing.failing_closed():
            for epoch in custody.epochs():
                if epoch < rotation.epoch:
                    custody.destroy_epoch(epoch)
    step("keys destroyed")
    _set(rotation, phase="done", finished=database_now())
    if connections[ALIAS].vendor == "sqlite":
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def _set(rotation: Rotation, **columns: object) -> None:
    with durable():
        for name, value in columns.items():
            setattr(rotation, name, value)
        rotation.save(using=ALIAS, update_fields=list(columns))
    rotation.refresh_from_db(using=ALIAS)


def _forget_older_dumps(newest: Path) -> None:
    """Dumps of destroyed epochs open nothing."""
    for path in newest.parent.glob("epoch-*.sqlite3"):
        if path != newest:
            path.unlink(missing_ok=True)

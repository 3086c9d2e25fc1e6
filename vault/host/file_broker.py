"""Celery's doorbell as files in one folder: the embedded default, without a broker server.

The stock file transport writes a message, and its table of queues, in place, so that a reader can meet half of it,
and moves what it read through the machine's shared temporary folder. Here a file appears complete under its name or
not at all, and a message is taken by one rename inside the broker's own folder. Messages may still be lost when a
process is killed; that is allowed, because every task sweeps the database anyway.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

SCHEME = "cofferfiles"


def register() -> None:
    """Makes broker addresses `cofferfiles://` known to kombu."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def broker(address: str | None, folder: Path) -> dict[str, object]:
    """Celery's settings for the operator's broker at `address`, or for files in `folder`, which are made."""
    if address:
        return {"broker_url": address}
    register()
    for name in ("messages", "control"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "broker_url": f"{SCHEME}://localhost",
        "broker_transport_options": {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        },
    }


def write_whole(path: Path, content: str) -> None:
    """Writes beside and renames: whoever opens `path` sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(path)


class Channel(filesystem.Channel):
    """One folder; a message is a file `<time>_<random>.<queue>.msg`."""

    @property
    def messages(self) -> Path:
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: object, **kwargs: object) -> None:
        name = f"{time.time_ns():020d}_{secrets.token_hex(8)}.{queue}.msg"
        write_whole(self.messages / name, dumps(payload))

    def _get(self, queue: str) -> object:
        for path in self._waiting(queue):
            taken = path.with_name(f".taken.{path.name}")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = taken.read_text(encoding="utf-8")
            taken.unlink()
            return loads(payload)
        raise Empty

    def _waiting(self, queue: str) -> list[Path]:
        ending = f".{queue}.msg"
        names = sorted(n for n in os.listdir(self.messages) if not n.startswith(".") and n.endswith(ending))
        return [self.messages / name for name in names]

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        try:
            content = self._exchange_file(exchange).read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*row) for row in loads(content)]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._one_at_a_time():
            table = self.get_table(exchange)
            if row not in table:
                write_whole(self._exchange_file(exchange), dumps([row, *table]))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: object, **kwargs: object
    ) -> None:
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._purge(queue)
        with self._one_at_a_time():
            table = self.get_table(exchange)
            if row in table:
                write_whole(self._exchange_file(exchange), dumps([other for other in table if other != row]))

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with (self.control_folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """The stock transport around the safe channel."""

    Channel = Channel

"""Chosen files cut and named in a thread of its own, while their chats are read: the libraries let go of the lock."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from webapp.engine.content import BackupFile
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.cutting import cut
from webapp.engine.errors import Cancelled, CofferError
from webapp.engine.naming import with_names
from webapp.engine.ports import Source

from .crypto import NativeCrypto


class NamingAhead:
    """Of a safe that has backups already: most of a grown history is known there and is never read a second time. (For
    a first backup it would be: all of it has to be sealed.)"""

    def __init__(self, key: BackupKey, sources: Sequence[Source]) -> None:
        self._key = key
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(1)
        self._named: dict[Source, Future[BackupFile]] = {
            source: self._thread.submit(self._name, source) for source in sources
        }

    def file_of(self, source: Source) -> BackupFile:
        """The file, cut and named. Raises what cutting it raises."""
        named = self._named.get(source)
        try:
            return cut(source) if named is None else named.result()
        except CofferError:
            # The backup comes upon the same, and says it in its own words.
            return cut(source)

    def close(self) -> None:
        """What is left of it is given up."""
        self._stop.set()
        self._thread.shutdown(cancel_futures=True)

    def _name(self, source: Source) -> BackupFile:
        return asyncio.run(with_names(NativeCrypto(), self._key, cut(source), self._check))

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled

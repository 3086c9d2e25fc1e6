"""Encrypted backups, opened natively and told."""

from collections.abc import Coroutine
from typing import Any

from tests.fixtures_export import MemorySource, Told
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.secret import Secret
from webapp.engine.ports import Progress
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.registry import recognise


class Quiet:
    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never really waits, as natively none does. Works inside a running loop too."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it waits")


def told(content: bytes, *keys: str, name: str = "signal.backup") -> Told:
    options = ReadOptions(keys=tuple(Secret(key.encode()) for key in keys))

    async def run() -> Told:
        recognised = await recognise([MemorySource(name, content)], options, NativeCrypto(), Quiet())
        return Told(list(recognised.events(options)))

    return finished(run())

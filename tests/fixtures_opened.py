"""Encrypted backups, opened natively and told."""

import asyncio

from tests.fixtures_export import MemorySource, Told
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.secret import Secret
from webapp.engine.ports import Progress
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.registry import recognise


class Quiet:
    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


def told(content: bytes, *keys: str, name: str = "signal.backup") -> Told:
    options = ReadOptions(keys=tuple(Secret(key.encode()) for key in keys))

    async def run() -> Told:
        recognised = await recognise([MemorySource(name, content)], options, NativeCrypto(), Quiet())
        return Told(list(recognised.events(options)))

    return asyncio.run(run())

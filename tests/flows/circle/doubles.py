"""The engine's simplest ports, in memory: a chosen file, somebody who watches progress, a sink."""

from dataclasses import dataclass, field

from webapp.engine.errors import Cancelled
from webapp.engine.ports import Data, Progress


@dataclass
class Chosen:
    """A chosen file, in memory."""

    name: str
    content: bytes
    modified: float | None = 1_700_000_000.0

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, offset: int, length: int) -> bytes:
        return self.content[offset : offset + length]

    async def data(self, offset: int, length: int) -> Data:
        return self.content[offset : offset + length]


@dataclass
class Watcher:
    """Collects progress; cancels when told to."""

    seen: list[Progress] = field(default_factory=list)
    cancel_after: int | None = None

    def __call__(self, progress: Progress) -> None:
        self.seen.append(progress)

    def check(self) -> None:
        if self.cancel_after is not None and len(self.seen) >= self.cancel_after:
            raise Cancelled


@dataclass
class Collected:
    """A sink that keeps what it was given."""

    parts: list[bytes] = field(default_factory=list)
    closed: bool = False
    aborted: bool = False

    async def write(self, data: Data) -> None:
        self.parts.append(bytes(data))  # type: ignore[call-overload]

    async def close(self) -> None:
        self.closed = True

    async def abort(self) -> None:
        self.aborted = True

    @property
    def content(self) -> bytes:
        return b"".join(self.parts)

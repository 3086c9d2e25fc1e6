"""Bytes that were just made or unpacked, as a source."""

from dataclasses import dataclass

from .ports import Data


@dataclass(frozen=True, slots=True)
class InMemory:
    """`Source` over bytes. modified: Unix seconds."""

    name: str
    content: bytes
    modified: float | None = None

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, offset: int, length: int) -> bytes:
        return self.content[offset : offset + length]

    async def data(self, offset: int, length: int) -> Data:
        return self.read(offset, length)

"""Text to a sink, in pieces large enough to be worth an await."""

from webapp.engine.ports import Sink

PIECE = 1 << 18
"""Characters gathered before they are written."""


class TextFile:
    """UTF-8, written front to back."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._parts: list[str] = []
        self._gathered = 0

    async def write(self, text: str) -> None:
        self._parts.append(text)
        self._gathered += len(text)
        if self._gathered >= PIECE:
            await self._flush()

    async def close(self) -> None:
        await self._flush()
        await self._sink.close()

    async def _flush(self) -> None:
        # A lone surrogate is no text; it would end the whole export.
        data = "".join(self._parts).encode("utf-8", "replace")
        self._parts.clear()
        self._gathered = 0
        if data:
            await self._sink.write(data)

"""An export as one zip, written front to back: for browsers without a folder to write into.

Each entry's sizes follow its data (APPNOTE 4.3.9), so nothing has to be known or kept. Texts are deflated; media are
stored, since they are compressed already. zip64 where places or counts need it.
"""

import struct
import zlib

from webapp.engine.errors import CofferError
from webapp.engine.ports import CryptoProvider, Data, Sink

_LOCAL = struct.Struct("<4s5H3I2H")
_DESCRIPTOR = struct.Struct("<4s3I")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")
_PLACE64 = struct.Struct("<2HQ")
_VERSION = 45
_SIZES_FOLLOW_UTF8 = 0x0808
_STORED, _DEFLATED = 0, 8
# 1980-01-01, the first day a zip can name: nothing tells when the export was made.
_DATE = 0x21
_MAX32 = 0xFFFFFFFF
_MAX16 = 0xFFFF
_TEXTS = (".html", ".css", ".json", ".csv", ".txt")


class EntryTooLarge(CofferError):
    """One file of the export is 4 GiB or larger."""

    code = "export_too_large"
    message = "A file of this export is too large for a zip."
    next_step = "Export into a folder, or fewer chats at once."


class ZipFolder:
    """A `Folder` that becomes one zip in `sink`."""

    def __init__(self, sink: Sink, provider: CryptoProvider) -> None:
        self._sink = sink
        self._provider = provider
        self._entries: list[bytes] = []
        self._place = 0

    async def open(self, path: str) -> Sink:
        method = _DEFLATED if path.endswith(_TEXTS) and not path.startswith("media/") else _STORED
        name = path.encode("utf-8")
        place = self._place
        header = (b"PK\3\4", _VERSION, _SIZES_FOLLOW_UTF8, method, 0, _DATE, 0, 0, 0, len(name), 0)
        await self.put(_LOCAL.pack(*header) + name)
        return _Entry(self, self._provider, name, method, place)

    async def close(self) -> None:
        """Writes the directory of all entries, and closes the sink."""
        start = self._place
        for entry in self._entries:
            await self.put(entry)
        size, count = self._place - start, len(self._entries)
        if count >= _MAX16 or start >= _MAX32 or size >= _MAX32:
            end = self._place
            fields = (b"PK\6\6", _END64.size - 12, _VERSION, _VERSION, 0, 0, count, count, size, start)
            await self.put(_END64.pack(*fields) + _LOCATOR64.pack(b"PK\6\7", 0, end, 1))
        short = min(count, _MAX16)
        await self.put(_END.pack(b"PK\5\6", 0, 0, short, short, min(size, _MAX32), min(start, _MAX32), 0))
        await self._sink.close()

    async def put(self, data: Data) -> None:
        self._place += len(data)
        await self._sink.write(data)

    async def add(self, name: bytes, method: int, place: int, crc: int, packed: int, size: int) -> None:
        """The entry is complete."""
        await self.put(_DESCRIPTOR.pack(b"PK\7\x08", crc, packed, size))
        extra = _PLACE64.pack(1, 8, place) if place >= _MAX32 else b""
        fields = (b"PK\1\2", _VERSION, _VERSION, _SIZES_FOLLOW_UTF8, method, 0, _DATE, crc, packed, size, len(name),
                  len(extra), 0, 0, 0, 0, min(place, _MAX32))  # fmt: skip
        self._entries.append(_CENTRAL.pack(*fields) + name + extra)


class _Entry:
    """One file of the zip."""

    def __init__(self, folder: ZipFolder, provider: CryptoProvider, name: bytes, method: int, place: int) -> None:
        self._folder, self._provider = folder, provider
        self._name, self._method, self._place = name, method, place
        self._crc = self._size = self._packed = 0
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -15) if method == _DEFLATED else None

    async def write(self, data: Data) -> None:
        """Raises EntryTooLarge, DiskFull."""
        content = self._provider.load(data)
        self._crc = zlib.crc32(content, self._crc)
        self._size += len(content)
        if self._size >= _MAX32:
            raise EntryTooLarge
        if self._deflate is None:
            await self._put(data)
        else:
            await self._put(self._deflate.compress(content))

    async def _put(self, data: Data) -> None:
        if len(data):
            self._packed += len(data)
            await self._folder.put(data)

    async def close(self) -> None:
        if self._deflate is not None:
            await self._put(self._deflate.flush())
        await self._folder.add(self._name, self._method, self._place, self._crc, self._packed, self._size)

    async def abort(self) -> None:
        return

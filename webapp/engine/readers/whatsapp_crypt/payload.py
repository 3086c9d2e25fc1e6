"""What a decrypted file begins with. Databases are zlib or plain; inside is SQLite, a zip, JSON or a picture."""

import zlib
from collections.abc import Iterator

from webapp.engine.ports import Reporter, Source
from webapp.engine.readers.whatsapp_crypt.container import TAG_BYTES

PROBE_BYTES = 4096
_PIECE = 1 << 20
_BITE = 512
_INSIDE = (b"SQLite format 3\x00", b"PK\x03\x04", b"{", b"[", b"RIFF", b"\xff\xd8\xff", b"\x89PNG")


def is_zlib(head: bytes) -> bool:
    """Whether the first two bytes are a zlib header (RFC 1950, section 2.2) for a window of 32 KiB."""
    return len(head) >= 2 and head[0] == 0x78 and int.from_bytes(head[:2], "big") % 31 == 0 and not head[1] & 0x20


def is_plausible(beginning: bytes) -> bool:
    """Whether decrypted bytes look like a backup: by then the key is the right one, whatever follows.

    One flipped bit in the zlib header must not make a right key look wrong, so it may be skipped.
    """
    return _starts_well(beginning) or any(
        _starts_well(inflated)
        for inflated in (_inflated(beginning, zlib.MAX_WBITS), _inflated(beginning[2:], -zlib.MAX_WBITS))
    )


def _starts_well(data: bytes) -> bool:
    # A single brace is too little to tell.
    return any(data.startswith(mark) and (len(mark) > 1 or _is_text(data[:64])) for mark in _INSIDE)


def _is_text(data: bytes) -> bool:
    return len(data) >= 2 and all(byte >= 32 or byte in b"\t\r\n" for byte in data)


def _inflated(data: bytes, window: int) -> bytes:
    """The first bytes that `data` unpacks to, piece by piece, so that damage further on does not hide them."""
    inflater = zlib.decompressobj(window)
    out = b""
    for start in range(0, len(data), 64):
        try:
            out += inflater.decompress(data[start : start + 64], 256)
        except zlib.error:
            return out
        if len(out) >= 64:
            return out
    return out


class LooseStream:
    """Plaintext whose tag did not verify, unpacked as far as it goes. `cut_off` once all `pieces` were taken: the
    stream ends too early, or too little follows it for a tag."""

    def __init__(self, source: Source, report: Reporter) -> None:
        self._source = source
        self._report = report
        self.cut_off = False

    def pieces(self) -> Iterator[bytes]:
        """What comes out, in order. Ends silently at damage. Raises Cancelled."""
        packed = is_zlib(self._source.read(0, 2))
        inflater = zlib.decompressobj()
        head, size = b"", 0
        for start in range(0, self._source.size, _PIECE):
            self._report.check()
            piece = self._source.read(start, min(_PIECE, self._source.size - start))
            if not packed:
                yield piece
                continue
            # In small bites, as zlib gives nothing of a bite in which it meets damage.
            for bite in range(0, len(piece), _BITE):
                try:
                    out = inflater.decompress(piece[bite : bite + _BITE])
                except zlib.error:
                    return
                head, size = (head + out)[:100] if size < 100 else head, size + len(out)
                yield out
                if inflater.eof:
                    behind = self._source.size - start - bite - _BITE + len(inflater.unused_data)
                    self.cut_off = max(behind, len(inflater.unused_data)) < TAG_BYTES
                    return
        # With its last bytes changed a stream runs on into the tag; what it held tells that nothing is missing.
        self.cut_off = packed and not 0 < _announced(head) <= size


def _announced(head: bytes) -> int:
    """How many bytes an SQLite database says it has (file format, section 1.3); 0 where it does not say."""
    if len(head) < 100 or not head.startswith(_INSIDE[0]):
        return 0
    page = int.from_bytes(head[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")

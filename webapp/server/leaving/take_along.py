"""Everything the site holds about an account as one zip, made while it is sent: no file of it is ever whole here."""

import zipfile
from collections.abc import Iterator

from webapp.server.accounts.models import Account
from webapp.server.backups.models import Chunk, Snapshot
from webapp.server.backups.storage import ObjectMissing, Store
from webapp.server.backups.storage.names import chunk_name, snapshot_names
from webapp.server.holdings import report

PIECE = 1024 * 1024
# The oldest date that a zip knows: the same data give the same file.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


class _Sink:
    """What the zip writer has written and nobody has taken yet. It cannot go back: a reply is on its way."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Everything is handed on at once."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def as_zip(account: Account, store: Store, *, sealed: bool) -> Iterator[bytes]:
    """held.json, and with `sealed` each sealed object under sealed/ and its name; what the store lost is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        yield from _member(archive, sink, "held.json", _encoded(report.document(account)), zipfile.ZIP_DEFLATED)
        if sealed:
            for name in _objects(account):
                try:
                    file = store.open(name)
                except ObjectMissing:
                    continue
                with file:
                    pieces = iter(lambda file=file: file.read(PIECE), b"")
                    yield from _member(archive, sink, f"sealed/{name}", pieces, zipfile.ZIP_STORED)
    yield sink.take()


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    """Many small texts as few larger pieces."""
    held = bytearray()
    for text in texts:
        held += text.encode()
        if len(held) >= PIECE // 16:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def _member(
    archive: zipfile.ZipFile, sink: _Sink, name: str, pieces: Iterator[bytes], compression: int
) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(name, _NO_DATE)
    entry.compress_type = compression
    with archive.open(entry, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            yield sink.take()
    yield sink.take()


def _objects(account: Account) -> Iterator[str]:
    for snapshot in Snapshot.objects.filter(safe__account=account).select_related("safe").order_by("pk"):
        yield from snapshot_names(snapshot.safe.safe_id, snapshot.snapshot_id, snapshot.head)
    for chunk in Chunk.objects.filter(safe__account=account).select_related("safe").order_by("pk").iterator():
        yield chunk_name(chunk.safe.safe_id, chunk.chunk_id, chunk.sha256)

"""Request bodies read as they arrive: exact lengths, a cap, and never more than a piece in memory.

Django's own limit (DATA_UPLOAD_MAX_MEMORY_SIZE) guards `request.body`; a body read from the stream passes it by,
so the cap is checked here.
"""

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from .errors import BadFraming, BodyTooLarge, BodyTruncated, LengthRequired
from .limits import PIECE_BYTES


def announced_length(request: HttpRequest) -> int:
    """Bytes of the body as the client announces them. Raises LengthRequired, also for a chunked transfer.

    No length and no chunked transfer means no body (RFC 9112 §6.3).
    """
    text = request.META.get("CONTENT_LENGTH") or ""
    if not text and "HTTP_TRANSFER_ENCODING" not in request.META:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise LengthRequired
    return int(text)


class Body:
    """The unread rest of one request's body. Raises BodyTooLarge when it announces more than `limit` bytes."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        self._request = request
        self.length = announced_length(request)
        if self.length > limit:
            raise BodyTooLarge({"limit": limit})
        self.remaining = self.length

    def pieces(self, length: int) -> Iterator[bytes]:
        """The next `length` bytes, piece by piece. Raises BadFraming beyond the announced end, BodyTruncated when
        the connection ends early."""
        if length > self.remaining:
            raise BadFraming
        while length:
            try:
                piece = self._request.read(min(length, PIECE_BYTES))
            except UnreadablePostError as error:
                raise BodyTruncated from error
            if not piece:
                raise BodyTruncated
            length -= len(piece)
            self.remaining -= len(piece)
            yield piece

    def exactly(self, length: int) -> bytes:
        """The next `length` bytes at once: for small parts. Raises as `pieces`."""
        return b"".join(self.pieces(length))

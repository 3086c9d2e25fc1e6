"""Bodies and replies of plain octets, as the views take and give them."""

from django.http import HttpRequest, HttpResponse

from .body import Body
from .errors import UnsupportedType

OCTETS = "application/octet-stream"
OCTETS_IN = {"requestBody": {"content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}, "required": True}}
"""What the API description says of an operation that reads such a body."""


def octet_body(request: HttpRequest, limit: int) -> Body:
    """The unread body, at most `limit` bytes. Raises UnsupportedType, LengthRequired, BodyTooLarge."""
    if request.content_type != OCTETS:
        raise UnsupportedType
    return Body(request, limit)


def octets(value: bytes) -> HttpResponse:
    """The bytes as a whole reply."""
    return HttpResponse(value, content_type=OCTETS)

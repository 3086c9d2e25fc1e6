"""The routes for sending and fetching chunks at the bucket itself, past the site (docs/api.md, "Direct")."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router

from webapp.server.accounts.app_tokens import Scope

from . import selectors
from .body import Body
from .entrance import OCTETS, AccountRequest, session_or_token
from .errors import BodyTooLarge, NotDirect, UnsupportedType
from .framing import ID_BYTES, id_list
from .limits import BATCH_CHUNKS
from .services import direct
from .storage import direct_store
from .wire_types import Id

if TYPE_CHECKING:
    from .bucket import SignedRequest
    from .storage.s3 import S3Store

router = Router()
SENDING = session_or_token(Scope.BACKUP)
FETCHING = session_or_token(Scope.RESTORE)
_IN = {"requestBody": {"content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}, "required": True}}


def _store() -> "S3Store":
    store = direct_store()
    if store is None:
        raise NotDirect
    return store


def _octets(request: AccountRequest, limit: int) -> Body:
    if request.content_type != OCTETS:
        raise UnsupportedType
    return Body(request, limit)


def _request(signed: "SignedRequest | None") -> dict[str, Any] | None:
    return None if signed is None else {"url": signed.url, "headers": dict(signed.headers)}


@router.post("safes/{safe}/chunks/uploads", auth=SENDING, openapi_extra=_IN)
def uploads(request: AccountRequest, safe: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """Where to put each announced chunk; null for one that is there."""
    store = _store()
    own = selectors.growing_safe(request.auth, safe)
    chunks = direct.announced(_octets(request, direct.ROWS_BYTES))
    return {"uploads": [_request(signed) for signed in direct.upload_requests(request.auth, own, chunks, store)]}


@router.post("safes/{safe}/chunks/arrived", auth=SENDING, openapi_extra=_IN)
def arrived(request: AccountRequest, safe: Id) -> HttpResponse:  # type: ignore[valid-type]
    """The announced chunks are in the bucket: from now on they count."""
    store = _store()
    own = selectors.growing_safe(request.auth, safe)
    chunks = direct.announced(_octets(request, direct.ROWS_BYTES))
    return HttpResponse(direct.record_arrived(request.auth, own, chunks, store), content_type=OCTETS)


@router.post("safes/{safe}/chunks/downloads", auth=FETCHING, openapi_extra=_IN)
def downloads(request: AccountRequest, safe: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """Where to fetch each chunk, in the order asked."""
    store = _store()
    own = selectors.own_safe(request.auth, safe)
    ids = id_list(_octets(request, BATCH_CHUNKS * ID_BYTES))
    if len(ids) > BATCH_CHUNKS:
        raise BodyTooLarge({"ids": BATCH_CHUNKS})
    rows = direct.download_requests(own, ids, store)
    return {"downloads": [{"url": signed.url, "bytes": size} for signed, size in rows]}

"""The routes for sending and fetching chunks at the bucket itself, past the site (docs/api.md, "Direct")."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router

from . import selectors
from .entrance import FETCHING, SENDING, AccountRequest
from .errors import BodyTooLarge, NotDirect
from .framing import ID_BYTES, id_list
from .limits import BATCH_CHUNKS
from .octets import OCTETS_IN, octet_body, octets
from .services import direct
from .storage import direct_store
from .wire_types import Id

if TYPE_CHECKING:
    from .bucket import SignedRequest
    from .storage.s3 import S3Store

router = Router()


def _store() -> "S3Store":
    store = direct_store()
    if store is None:
        raise NotDirect
    return store


def _request(signed: "SignedRequest | None") -> dict[str, Any] | None:
    return None if signed is None else {"url": signed.url, "headers": dict(signed.headers)}


@router.post("safes/{safe}/chunks/uploads", auth=SENDING, openapi_extra=OCTETS_IN)
def uploads(request: AccountRequest, safe: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """Where to put each announced chunk; null for one that is there."""
    store = _store()
    own = selectors.growing_safe(request.auth, safe)
    chunks = direct.announced(octet_body(request, direct.ROWS_BYTES))
    return {"uploads": [_request(signed) for signed in direct.upload_requests(request.auth, own, chunks, store)]}


@router.post("safes/{safe}/chunks/arrived", auth=SENDING, openapi_extra=OCTETS_IN)
def arrived(request: AccountRequest, safe: Id) -> HttpResponse:  # type: ignore[valid-type]
    """The announced chunks are in the bucket: from now on they count."""
    store = _store()
    own = selectors.growing_safe(request.auth, safe)
    chunks = direct.announced(octet_body(request, direct.ROWS_BYTES))
    return octets(direct.record_arrived(request.auth, own, chunks, store))


@router.post("safes/{safe}/chunks/downloads", auth=FETCHING, openapi_extra=OCTETS_IN)
def downloads(request: AccountRequest, safe: Id) -> dict[str, Any]:  # type: ignore[valid-type]
    """Where to fetch each chunk, in the order asked."""
    store = _store()
    own = selectors.own_safe(request.auth, safe)
    ids = id_list(octet_body(request, BATCH_CHUNKS * ID_BYTES))
    if len(ids) > BATCH_CHUNKS:
        raise BodyTooLarge({"ids": BATCH_CHUNKS})
    rows = direct.download_requests(own, ids, store)
    return {"downloads": [{"url": signed.url, "bytes": size} for signed, size in rows]}

"""The site API, /api/v1/ (docs/api.md). Views translate; services write and selectors read."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from pydantic import ValidationError as ModelInvalid

from vault.wire.encoding import to_text
from vault.wire.ticket import OF_THE_SITE, Purpose
from webapp.server.accounts.app_tokens import Scope

from . import selectors
from .body import Body
from .direct_api import router as direct_router
from .entrance import ANY_TOKEN, FETCHING, LOOKING, SENDING, AccountRequest, refusal, session_account
from .errors import ApiError, BadFraming, InvalidRequest, ScopeMissing
from .framing import BATCH_BODY_BYTES, ID_BYTES, ID_LIST_BYTES, id_list
from .lifecycle_api import keep_rule, trash_state
from .lifecycle_api import router as lifecycle
from .limits import (
    BATCH_BYTES,
    BATCH_CHUNKS,
    CHUNK_BYTES,
    ID_LIST_ENTRIES,
    JSON_BYTES,
    MANIFEST_BYTES,
    NONCE_SECONDS,
    SNAPSHOT_CHUNKS,
)
from .models import Snapshot
from .octets import OCTETS, OCTETS_IN, octet_body, octets
from .passkeys_api import router as passkeys
from .proofs import issue_nonce
from .rehearsal_api import rehearsal_state, reminder_state
from .rehearsal_api import router as rehearsals
from .services.chunks import store_batch
from .services.deleting import delete_safe, take_out, trash_safe
from .services.expiry import expires
from .services.safes import NewSafe, create_safe
from .services.snapshots import CommitHead, commit_snapshot
from .storage import current_store, direct_store
from .tickets import issue_ticket
from .wire_types import CommitBody, DeleteBody, Id, Nothing, SafeBody, TicketBody, iso_time

api = NinjaAPI(
    title="Coffer site API",
    version="1",
    urls_namespace="site-api",
    auth=session_account,
    docs_url=None,
    openapi_url=None,
)
router = Router()

# Which scopes a ticket's purpose asks of an app token.
OF_PURPOSES = {
    # The password, which may cost a guess.
    Purpose.LOGIN: {Scope.UNLOCK},
    Purpose.STATUS: {Scope.UNLOCK},
    # Costs no guess, and the vault asks for the owner's proof: whoever backs up or restores compares heads.
    Purpose.HEAD: set(Scope),
}


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _stream(stream: selectors.Stream) -> StreamingHttpResponse:
    response = StreamingHttpResponse(stream.pieces, content_type=OCTETS)
    response["Content-Length"] = str(stream.length)
    return response


@router.get("me", auth=ANY_TOKEN)
def me(request: AccountRequest) -> dict[str, Any]:
    """Who is signed in, the CSRF token for what follows, and the limits."""
    account = request.auth
    return {
        "email": account.email,
        "account": bytes(account.public_id).hex(),
        # A program has no cookie to keep it in, and needs none.
        "csrf": get_token(request) if request.scopes is None else None,
        "scopes": None if request.scopes is None else sorted(request.scopes),
        "limits": {
            "batch_bytes": BATCH_BYTES,
            "batch_chunks": BATCH_CHUNKS,
            "chunk_bytes": CHUNK_BYTES,
            "manifest_bytes": MANIFEST_BYTES,
            "ids": ID_LIST_ENTRIES,
        },
        "direct": direct_store() is not None,
    }


@router.post("nonces", auth=SENDING)
def nonces(request: AccountRequest) -> dict[str, Any]:
    """A nonce for one owner proof."""
    return {"nonce": to_text(issue_nonce(request.auth)), "expires_in": NONCE_SECONDS}


@router.post("tickets", auth=ANY_TOKEN)
def tickets(request: AccountRequest, body: TicketBody) -> dict[str, Any]:
    """A ticket for the vault, for a safe of this account."""
    try:
        purpose = Purpose(body.purpose)
    except ValueError:
        raise InvalidRequest({"fields": ["purpose"]}) from None
    if purpose in OF_THE_SITE:
        raise InvalidRequest({"fields": ["purpose"]})
    if request.scopes is not None and request.scopes.isdisjoint(needed := OF_PURPOSES.get(purpose, set())):
        raise ScopeMissing({"scopes": sorted(needed)})
    safe = selectors.own_safe(request.auth, body.safe)
    return {"ticket": issue_ticket(request.auth, safe, purpose, request.caller)}


@router.post("safes")
def make_safe(request: AccountRequest, body: SafeBody) -> HttpResponse:
    """201 for a new safe, 200 for the same request again."""
    new = NewSafe(body.safe, body.owner_public_key, body.key_check, body.proof.nonce, body.proof.signature)
    safe, made = create_safe(request.auth, new)
    return JsonResponse({"safe": safe.safe_id.hex(), "created": iso_time(safe.created)}, status=201 if made else 200)


@router.get("safes", auth=ANY_TOKEN)
def safes(request: AccountRequest) -> list[dict[str, Any]]:
    """The account's safes."""
    return [_safe(safe) for safe in selectors.list_safes(request.auth)]


def _safe(safe: Any) -> dict[str, Any]:
    return {
        "safe": safe.safe_id.hex(),
        "created": iso_time(safe.created),
        "key_check": to_text(safe.key_check),
        "owner_public_key": to_text(safe.owner_public_key),
        "head": _hex(safe.head),
        "snapshots": safe.snapshot_count,
        "bytes": safe.stored_bytes,
        "last_snapshot": iso_time(safe.last_snapshot),
        "passkeys": safe.passkey_count,
        "purge_after": iso_time(safe.purge_after),
        "keep": keep_rule(safe),
        "expires": iso_time(expires(safe)),
        "rehearsal": rehearsal_state(safe),
        "reminders": reminder_state(safe),
    }


@router.post("safes/{safe}/trash")
def trash(request: AccountRequest, safe: Id, body: Nothing) -> dict[str, Any]:
    """Into the trash, without its key: deleted after 30 days unless it is taken out again."""
    return {"purge_after": iso_time(trash_safe(request.auth, selectors.own_safe(request.auth, safe)).purge_after)}


@router.post("safes/{safe}/untrash")
def untrash(request: AccountRequest, safe: Id, body: Nothing) -> dict[str, Any]:
    """Out of the trash again."""
    take_out(selectors.own_safe(request.auth, safe))
    return {}


@router.post("safes/{safe}/delete")
def delete(request: AccountRequest, safe: Id, body: DeleteBody) -> dict[str, Any]:
    """At once and for good, signed by its owner."""
    own = selectors.own_safe(request.auth, safe)
    delete_safe(request.auth, own, body.proof.nonce, body.proof.signature)
    return {}


@router.post("safes/{safe}/chunks/lacking", auth=LOOKING, openapi_extra=OCTETS_IN)
def lacking(request: AccountRequest, safe: Id) -> HttpResponse:
    """Which of these chunks are there: the stored SHA-256 of each, zeros for one that is lacking."""
    own = selectors.own_safe(request.auth, safe)
    return octets(selectors.lacking_reply(own, id_list(octet_body(request, ID_LIST_BYTES))))


@router.put("safes/{safe}/chunks", auth=SENDING, openapi_extra=OCTETS_IN)
def put_chunks(request: AccountRequest, safe: Id) -> HttpResponse:
    """Store a batch; the reply says what is stored now."""
    own = selectors.growing_safe(request.auth, safe)
    body = octet_body(request, BATCH_BODY_BYTES)
    return octets(store_batch(request.auth, own, body, current_store()))


@router.post("safes/{safe}/chunks/read", auth=FETCHING, openapi_extra=OCTETS_IN)
def read_chunks(request: AccountRequest, safe: Id) -> StreamingHttpResponse:
    """Framed ciphertexts in the order asked, as many as fit."""
    own = selectors.own_safe(request.auth, safe)
    ids = id_list(octet_body(request, ID_LIST_BYTES))
    return _stream(selectors.read_chunks(own, ids, current_store()))


@router.post("safes/{safe}/snapshots", auth=SENDING, openapi_extra=OCTETS_IN)
def commit(request: AccountRequest, safe: Id) -> HttpResponse:
    """201 for a new snapshot, 200 for the same request again."""
    own = selectors.growing_safe(request.auth, safe)
    limit = 4 + JSON_BYTES + MANIFEST_BYTES + SNAPSHOT_CHUNKS * ID_BYTES
    body = octet_body(request, limit)
    snapshot, made = commit_snapshot(request.auth, own, _commit_head(body), body, current_store())
    reply = {
        "snapshot": snapshot.snapshot_id.hex(),
        "head": snapshot.head.hex(),
        "created": iso_time(snapshot.created),
    }
    return JsonResponse(reply, status=201 if made else 200)


def _commit_head(body: Body) -> CommitHead:
    length = int.from_bytes(body.exactly(4), "big")
    if length > JSON_BYTES:
        raise BadFraming
    try:
        head = CommitBody.model_validate_json(body.exactly(length))
    except ModelInvalid as error:
        raise InvalidRequest({"fields": sorted({".".join(map(str, each["loc"])) for each in error.errors()})}) from None
    return CommitHead(head.snapshot, head.previous_head, head.manifest_bytes, head.proof.nonce, head.proof.signature)


@router.get("safes/{safe}/snapshots", auth=ANY_TOKEN)
def snapshots(request: AccountRequest, safe: Id) -> list[dict[str, Any]]:
    """Newest first."""
    own = selectors.own_safe(request.auth, safe)
    return [_snapshot(snapshot) for snapshot in selectors.list_snapshots(own)]


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": snapshot.snapshot_id.hex(),
        "created": iso_time(snapshot.created),
        "head": snapshot.head.hex(),
        "previous_head": _hex(snapshot.previous_head),
        "manifest_bytes": snapshot.manifest_bytes,
        "chunks": snapshot.chunk_count,
        "bytes": snapshot.chunk_bytes,
        **trash_state(snapshot),
    }


@router.get("safes/{safe}/snapshots/{snapshot}/manifest", auth=LOOKING)
def manifest(request: AccountRequest, safe: Id, snapshot: Id) -> StreamingHttpResponse:
    """The sealed manifest as it was committed."""
    own = selectors.own_safe(request.auth, safe)
    return _stream(selectors.read_manifest(own, selectors.own_snapshot(own, snapshot), current_store()))


@api.exception_handler(ApiError)
def _refused(request: HttpRequest, error: ApiError) -> HttpResponse:
    return refusal(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the fields, never their values."""
    fields = {".".join(str(part) for part in each["loc"] if part != "body") for each in error.errors}
    return refusal(InvalidRequest({"fields": sorted(fields)}))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own: a body that is not JSON."""
    return refusal(InvalidRequest())


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # entrance.guarded answers


api.add_router("", router)
api.add_router("", passkeys)
api.add_router("", direct_router)
api.add_router("", lifecycle)
api.add_router("", rehearsals)

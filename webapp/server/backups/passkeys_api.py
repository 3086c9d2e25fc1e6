"""The passkeys of a safe, below /api/v1/safes/{safe}/passkeys (docs/api.md)."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Router

from vault.wire.encoding import to_text

from . import selectors
from .entrance import AccountRequest
from .models import Passkey
from .services.passkeys import NewPasskey, Signed, add_passkey, note_use, remove_passkey
from .wire_types import Id, Nothing, PasskeyBody, PasskeyRemoval, iso_time

router = Router()


@router.get("safes/{safe}/passkeys")
def passkeys(request: AccountRequest, safe: Id) -> list[dict[str, Any]]:
    """Oldest first, each with the wrap that only its passkey opens."""
    return [_passkey(passkey) for passkey in selectors.own_safe(request.auth, safe).passkeys.all()]


def _passkey(passkey: Passkey) -> dict[str, Any]:
    return {
        "passkey": passkey.passkey_id.hex(),
        "credential": to_text(bytes(passkey.credential_id)),
        "wrapped_key": to_text(passkey.wrapped_key),
        "name": passkey.name,
        "created": iso_time(passkey.created),
        "last_used": iso_time(passkey.last_used),
    }


@router.post("safes/{safe}/passkeys")
def add(request: AccountRequest, safe: Id, body: PasskeyBody) -> HttpResponse:
    """201 for a new passkey, 200 for the same request again."""
    own = selectors.own_safe(request.auth, safe)
    new = NewPasskey(body.passkey, body.credential, body.wrapped_key, body.name)
    signed = Signed(body.proof.nonce, body.proof.signature, body.beside)
    passkey, made = add_passkey(request.auth, own, new, signed)
    reply = {"passkey": passkey.passkey_id.hex(), "created": iso_time(passkey.created)}
    return JsonResponse(reply, status=201 if made else 200)


@router.post("safes/{safe}/passkeys/{passkey}/used")
def used(request: AccountRequest, safe: Id, passkey: Id, body: Nothing) -> dict[str, Any]:
    """Remembers when it was last used."""
    note_use(selectors.own_passkey(selectors.own_safe(request.auth, safe), passkey))
    return {}


@router.post("safes/{safe}/passkeys/{passkey}/remove")
def remove(request: AccountRequest, safe: Id, passkey: Id, body: PasskeyRemoval) -> dict[str, Any]:
    """Deletes the wrap."""
    own = selectors.own_safe(request.auth, safe)
    signed = Signed(body.proof.nonce, body.proof.signature, body.beside)
    remove_passkey(request.auth, own, selectors.own_passkey(own, passkey), signed)
    return {}

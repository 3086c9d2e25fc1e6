"""Every refusal of the site API: a stable code, a sentence for a person, and what to do next (docs/api.md)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class ApiError(Exception):
    """A refusal that the caller can act on. `data` carries facts for the program, never a secret."""

    status: ClassVar[int]
    code: ClassVar[str]
    message: ClassVar[Text]
    next: ClassVar[Text]

    def __init__(self, data: Mapping[str, Any] | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(self.code)
        self.data = dict(data or {})
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The JSON body, in the language of the request."""
        return {
            "error": {
                "code": self.code,
                "message": str(self.message),
                "next": str(self.next),
                "data": self.data,
            }
        }


class SignedOut(ApiError):
    status = 401
    code = "signed_out"
    message = _("You are signed out.")
    next = _("Sign in again; nothing is lost.")


class TokenRefused(ApiError):
    status = 401
    code = "token_refused"
    message = _("This app token does not work: it was revoked, or is not one of this site's.")
    next = _("Make a new one on your account page under “Command line”, and sign in with it.")


class ScopeMissing(ApiError):
    status = 403
    code = "scope_missing"
    message = _("This app token may not do that.")
    next = _("Make one that may on your account page under “Command line”, or use the site in a browser.")


class CsrfFailed(ApiError):
    status = 403
    code = "csrf_failed"
    message = _("This request could not be tied to your signed-in page.")
    next = _("Reload the page and try again.")


class NotFound(ApiError):
    status = 404
    code = "not_found"
    message = _("There is nothing here under that name.")
    next = _("Go back to your safes and choose again.")


class SafeNotFound(ApiError):
    status = 404
    code = "safe_not_found"
    message = _("Your account has no such safe.")
    next = _("Check that you are signed in with the right account.")


class SnapshotNotFound(ApiError):
    status = 404
    code = "snapshot_not_found"
    message = _("This safe has no such snapshot.")
    next = _("Load the list of snapshots again.")


class MethodNotAllowed(ApiError):
    status = 405
    code = "method_not_allowed"
    message = _("This address does not take that kind of request.")
    next = _("Update the program that sent it.")


class LengthRequired(ApiError):
    status = 411
    code = "length_required"
    message = _("The request did not say how long it is.")
    next = _("Send a Content-Length header.")


class BodyTooLarge(ApiError):
    status = 413
    code = "body_too_large"
    message = _("The request is larger than this address accepts.")
    next = _("Send it in smaller parts.")


class UnsupportedType(ApiError):
    status = 415
    code = "unsupported_type"
    message = _("The request is not in the form this address reads.")
    next = _("Send the content type that the API description names.")


class InvalidRequest(ApiError):
    status = 422
    code = "invalid_request"
    message = _("The request is not well formed.")
    next = _("Reload the page; if it happens again, please report it.")


class BodyTruncated(ApiError):
    status = 400
    code = "body_truncated"
    message = _("The connection ended before everything had arrived.")
    next = _("Try again; nothing of this part was stored, and what arrived earlier is kept.")


class BadFraming(ApiError):
    status = 422
    code = "bad_framing"
    message = _("The parts of the request do not add up.")
    next = _("Reload the page; if it happens again, please report it.")


class SafeExists(ApiError):
    status = 409
    code = "safe_exists"
    message = _("A safe with this name exists already, with other keys.")
    next = _("Make the safe again; a new name is chosen.")


class TooManySafes(ApiError):
    status = 409
    code = "too_many_safes"
    message = _("Your account has as many safes as it may have.")
    next = _("Use one of your safes.")


class ChunkMissing(ApiError):
    status = 404
    code = "chunk_missing"
    message = _("A part of this backup is not in the store.")
    next = _("Try again; if it stays missing, back up the same files again to fill the gap.")


class ChunksNotArrived(ApiError):
    """Announced as sent to the store, and not there. data: missing (at most 100 ids), count."""

    status = 409
    code = "chunks_not_arrived"
    message = _("Some parts have not arrived in the store.")
    next = _("Continue the backup; only the missing parts are sent.")


class NotDirect(ApiError):
    status = 409
    code = "not_direct"
    message = _("This site takes sealed parts itself.")
    next = _("Reload the page and try again.")


class ChunksMissing(ApiError):
    status = 409
    code = "chunks_missing"
    message = _("Not every part of this backup has arrived yet.")
    next = _("Continue the backup; only the missing parts are sent.")


class SafeInTrash(ApiError):
    status = 409
    code = "safe_in_trash"
    message = _("This safe is in the trash.")
    next = _("Take it out of the trash first, then back up again.")


class HeadMoved(ApiError):
    status = 409
    code = "head_moved"
    message = _("Another backup was finished in this safe in the meantime.")
    next = _("Finish the backup again on top of it; what was uploaded is kept.")


class SnapshotExists(ApiError):
    status = 409
    code = "snapshot_exists"
    message = _("A different snapshot with this name exists already.")
    next = _("Finish the backup again; a new name is chosen.")


class ProofRefused(ApiError):
    status = 403
    code = "proof_refused"
    message = _("The key in use does not belong to this safe.")
    next = _("Unlock the safe again with its own key or password.")


class NonceSpent(ApiError):
    status = 409
    code = "nonce_spent"
    message = _("The confirmation was used already or came too late.")
    next = _("Try again; a new confirmation is made.")


class PasskeyNotFound(ApiError):
    status = 404
    code = "passkey_not_found"
    message = _("This safe has no such passkey.")
    next = _("Load the list of passkeys again.")


class PasskeyExists(ApiError):
    status = 409
    code = "passkey_exists"
    message = _("This passkey is in the list already.")
    next = _("Remove the old entry first, or use another passkey.")


class TooManyPasskeys(ApiError):
    status = 409
    code = "too_many_passkeys"
    message = _("This safe has as many passkeys as it may have.")
    next = _("Remove one that you no longer use.")


class PasskeyAlone(ApiError):
    status = 409
    code = "passkey_alone"
    message = _("A passkey can never be the only way into a safe.")
    next = _("Show first that the 64-digit key or the password works, then try again.")


class RateLimited(ApiError):
    status = 429
    code = "rate_limited"
    message = _("Too many requests in a short time.")
    next = _("Wait a moment and try again.")


class StoreBusy(ApiError):
    """An object of this name is being deleted right now (services/removals.py)."""

    status = 503
    code = "store_busy"
    message = _("The store is being tidied at this very spot.")
    next = _("Try again in a few seconds; nothing is lost.")


class NewestSnapshot(ApiError):
    status = 409
    code = "newest_snapshot"
    message = _("This is the newest backup of this safe.")
    next = _("Make a new backup first, or delete the whole safe.")


class StorageFull(ApiError):
    status = 507
    code = "storage_full"
    message = _("The site's disk is full.")
    next = _("Try again later; what was stored before is kept, and nothing was half written.")


class QuotaExceeded(ApiError):
    status = 507
    code = "quota_exceeded"
    message = _("Your account's storage is used up.")
    next = _("Make room or ask for more; what was stored before is kept.")


class ServerFailed(ApiError):
    status = 500
    code = "server_failed"
    message = _("Something went wrong on the site.")
    next = _("Try again; what was stored before is kept.")


ALL_ERRORS: tuple[type[ApiError], ...] = tuple(ApiError.__subclasses__())

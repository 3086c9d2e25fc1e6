"""What can go wrong between browser and vault: a stable code, one sentence for a person, and what to do next.

The same codes stand in replies, in the browser and in the CLI. `data` holds numbers, states and ids, never a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable: a code is never renamed and never given another meaning."""

    NOT_FOUND = "not_found"
    BODY_TOO_LARGE = "body_too_large"
    LENGTH_REQUIRED = "length_required"
    CONTENT_TYPE = "content_type"
    METHOD = "method_not_allowed"
    MALFORMED = "malformed"
    TICKET_MISSING = "ticket_missing"
    TICKET_REFUSED = "ticket_refused"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_SPENT = "ticket_spent"
    PROOF_REFUSED = "proof_refused"
    SAFE_UNKNOWN = "safe_unknown"
    SAFE_EXISTS = "safe_exists"
    RECORD_MISSING = "record_missing"
    RECORD_ACTIVE = "record_active"
    RECORD_GONE = "record_gone"
    RECORD_UNPROVED = "record_unproved"
    RECORD_REPLACED = "record_replaced"
    RECORD_DESTROYED = "record_destroyed"
    RECORD_CLOSED = "record_closed"
    GUESSES_USED = "guesses_used"
    LOCKED = "record_locked"
    GUESSING_PAUSED = "guessing_paused"
    LOGIN_GONE = "login_gone"
    KE3_WRONG = "ke3_wrong"
    CUSTODY_DOWN = "custody_down"
    CLOCK_STOPPED = "clock_stopped"
    BUSY = "busy"
    INTERNAL = "internal"
    # Said by the site where the vault runs on a host of its own:
    UNREACHABLE = "vault_unreachable"
    # Found by the client, never sent:
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    VAULT_SUBSTITUTED = "vault_substituted"
    REPLY_UNREADABLE = "reply_unreadable"
    CHANGE_UNSURE = "change_unsure"


@dataclass(frozen=True, slots=True)
class Meaning:
    """HTTP status (0: found by the client), sentence, next step."""

    status: int
    message: str
    next: str


_AGAIN = "Reload the page and try again."
_NEW_TICKET = "Try again; if it keeps happening, sign in again."
_OPERATOR = "Nothing was counted. Try again later; if it lasts, tell whoever runs this vault."

MEANINGS: Mapping[ErrorCode, Meaning] = {
    ErrorCode.NOT_FOUND: Meaning(404, "The vault has nothing at this address.", _AGAIN),
    ErrorCode.BODY_TOO_LARGE: Meaning(413, "The request is larger than the vault accepts.", _AGAIN),
    ErrorCode.LENGTH_REQUIRED: Meaning(411, "The request does not say how long it is.", _AGAIN),
    ErrorCode.CONTENT_TYPE: Meaning(415, "The vault accepts only application/json.", _AGAIN),
    ErrorCode.METHOD: Meaning(405, "The vault does not answer this kind of request here.", _AGAIN),
    ErrorCode.MALFORMED: Meaning(400, "The vault could not read the request.", _AGAIN),
    ErrorCode.TICKET_MISSING: Meaning(401, "The request has no account ticket.", _NEW_TICKET),
    ErrorCode.TICKET_REFUSED: Meaning(403, "The account ticket does not allow this.", _NEW_TICKET),
    ErrorCode.TICKET_EXPIRED: Meaning(401, "The account ticket has expired.", _NEW_TICKET),
    ErrorCode.TICKET_SPENT: Meaning(409, "The account ticket was used before.", _NEW_TICKET),
    ErrorCode.PROOF_REFUSED: Meaning(
        403, "The change is not signed with this safe's key.", "Unlock the safe again and repeat the change."
    ),
    ErrorCode.SAFE_UNKNOWN: Meaning(404, "The vault does not know this safe.", "Set the password up again."),
    ErrorCode.SAFE_EXISTS: Meaning(
        409, "The vault holds another key for this safe.", "Unlock the safe with its own key."
    ),
    ErrorCode.RECORD_MISSING: Meaning(404, "This safe has no password in the vault.", "Open it with the 64-digit key."),
    ErrorCode.RECORD_ACTIVE: Meaning(
        409, "This safe already has a password.", "Open the safe with that password, or with the 64-digit key."
    ),
    ErrorCode.RECORD_GONE: Meaning(410, "This attempt to set a password has ended.", "Set the password again."),
    ErrorCode.RECORD_UNPROVED: Meaning(
        409, "The new password has not proved yet that it opens the safe.", "Change the password again."
    ),
    ErrorCode.RECORD_REPLACED: Meaning(
        409, "The password of this safe was changed somewhere else in the meantime.", "Change the password again."
    ),
    ErrorCode.RECORD_DESTROYED: Meaning(
        410, "The password of this safe no longer opens anything.", "Open the safe with the 64-digit key."
    ),
    ErrorCode.RECORD_CLOSED: Meaning(
        503,
        "The vault closed this record because its counter was changed from outside.",
        "Open the safe with the 64-digit key, and tell whoever runs this vault.",
    ),
    ErrorCode.GUESSES_USED: Meaning(
        403,
        "All guesses are used; the last attempt is still running.",
        "Finish that attempt within a minute, or open the safe with the 64-digit key.",
    ),
    ErrorCode.LOCKED: Meaning(429, "Too many wrong passwords.", "Wait until the lock ends, then try again."),
    ErrorCode.GUESSING_PAUSED: Meaning(
        403,
        "Passwords are not being accepted for this safe, because somebody answered a mail with “This wasn't me”.",
        "Sign out and sign in again, which ends the pause, or open the safe with the 64-digit key.",
    ),
    ErrorCode.LOGIN_GONE: Meaning(410, "This attempt has ended.", "Type the password again."),
    ErrorCode.KE3_WRONG: Meaning(403, "The vault could not confirm the password.", "Type the password again."),
    ErrorCode.CUSTODY_DOWN: Meaning(503, "The vault cannot reach its keys.", _OPERATOR),
    ErrorCode.CLOCK_STOPPED: Meaning(
        503, "The vault's clock went backwards, so the vault has stopped taking guesses.", _OPERATOR
    ),
    ErrorCode.BUSY: Meaning(503, "The vault is busy.", "Wait a moment and try again."),
    ErrorCode.INTERNAL: Meaning(500, "Something went wrong in the vault.", _OPERATOR),
    ErrorCode.UNREACHABLE: Meaning(
        503,
        "The site cannot reach its key vault.",
        "Try again in a moment. A 64-digit key opens the safe without the vault.",
    ),
    ErrorCode.WRONG_PASSWORD: Meaning(
        0, "This is not the password of this safe.", "Check it and try again, or use the 64-digit key."
    ),
    ErrorCode.VAULT_SUBSTITUTED: Meaning(
        0,
        "The answer does not come from the vault this page was built for.",
        "Do not type the password again; tell whoever runs this site.",
    ),
    ErrorCode.REPLY_UNREADABLE: Meaning(0, "The vault's answer could not be read.", "Try again later."),
    ErrorCode.CHANGE_UNSURE: Meaning(
        0,
        "The connection broke at the very last step, so either the old or the new password works now.",
        "Change the password again as soon as you are online; keep both until then.",
    ),
}


class VaultError(Exception):
    """A refusal or failure with its code. data: what may be shown (guesses_left, state, retry_after in seconds)."""

    def __init__(self, code: ErrorCode, **data: int | str) -> None:
        super().__init__(code.value)
        self.code = code
        self.data: dict[str, int | str] = data

    @property
    def status(self) -> int:
        """The HTTP status of the reply; 0 for errors the client finds itself."""
        return MEANINGS[self.code].status

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return MEANINGS[self.code].message

    @property
    def next(self) -> str:
        """What to do next."""
        return MEANINGS[self.code].next

    @property
    def retry_after(self) -> int | None:
        """Seconds until a lock ends, where there is one."""
        value = self.data.get("retry_after")
        return value if isinstance(value, int) else None

    @property
    def guesses_left(self) -> int | None:
        """Guesses left for this safe's password, where the error tells."""
        value = self.data.get("guesses_left")
        return value if isinstance(value, int) else None

    def body(self) -> dict[str, object]:
        """The JSON body of the reply."""
        return {
            "error": {
                "code": self.code.value,
                "message": self.message,
                "next": self.next,
                "data": dict(self.data),
            }
        }

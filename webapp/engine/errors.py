"""Every failure a person can meet: a stable code, one sentence, and what to do next. The same codes go over the wire,
into the browser and to the command line."""


class CofferError(Exception):
    """code: stable, snake_case; message: one sentence for a person; next_step: what to do; data: values for the page.

    Neither text nor data ever holds a secret, a file's content or a chat's name.
    """

    code = "unexpected"
    message = "Something unexpected went wrong."
    next_step = "Try again; nothing you backed up is affected."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        next_step: str | None = None,
        data: dict[str, object] | None = None,
    ) -> None:
        self.code = code or self.code
        self.message = message or self.message
        self.next_step = next_step or self.next_step
        self.data: dict[str, object] = data or {}
        super().__init__(self.message)

    def to_json(self) -> dict[str, object]:
        """The wire form: {code, message, next, data}."""
        return {"code": self.code, "message": self.message, "next": self.next_step, "data": self.data}


class Cancelled(CofferError):
    """The person asked to stop."""

    code = "cancelled"
    message = "Stopped, as you asked."
    next_step = "Start again when you like; what was already done is kept."


class NetworkDown(CofferError):
    """No reply arrived."""

    code = "network_down"
    message = "The connection to the site was lost."
    next_step = "Check your connection, then retry: it continues where it stopped."


class StoreRefused(CofferError):
    """The operator's bucket answered a signed request with an error. data: status."""

    code = "store_refused"
    message = "The storage behind this site did not take or give a part of the backup."
    next_step = "Try again; what has arrived is kept. If it happens again, tell whoever runs this site."


class SignedOut(CofferError):
    """The session ended."""

    code = "signed_out"
    message = "You are signed out."
    next_step = "Sign in again, then retry: nothing is lost."


class SiteRefused(CofferError):
    """The site answered with an error of its own; code, message and next step are the site's."""

    code = "site_refused"
    message = "The site could not do this."
    next_step = "Wait a moment, then retry."


class SealBroken(CofferError):
    """An authentication tag does not verify: wrong key, or the bytes changed. Nothing of them may be shown."""

    code = "seal_broken"
    message = "The stored bytes are damaged or were sealed with another key."
    next_step = "Retry; if it happens again, restore from an older backup."


class SignatureInvalid(CofferError):
    """A signature does not verify."""

    code = "signature_invalid"
    message = "A signature does not match."
    next_step = "Reload the page and try again."


class ChunkDamaged(CofferError):
    """What the site returned for a chunk is not what was stored."""

    code = "chunk_damaged"
    message = "A part of this backup came back damaged, so it was not used."
    next_step = "Retry to fetch it once more; the other files can still be restored."


class ManifestDamaged(CofferError):
    """The snapshot's description does not verify or does not parse."""

    code = "manifest_damaged"
    message = "The description of this backup is damaged."
    next_step = "Retry; if it happens again, open an older backup."


class HeadMismatch(CofferError):
    """The site's newest snapshot is not the one the vault remembers."""

    code = "head_mismatch"
    message = "The site offers an older state of this safe than the vault remembers."
    next_step = "You can still read what is there, but tell the operator: newer backups are being withheld."


class SourceChanged(CofferError):
    """The chosen file changed or vanished while it was read."""

    code = "source_changed"
    message = "The chosen file changed or is no longer there."
    next_step = "Choose the file again, then retry: what was sent is kept."


class DiskFull(CofferError):
    """The person's own disk is full."""

    code = "disk_full"
    message = "There is no room left on your disk."
    next_step = "Free some space, then retry."


class SafeLocked(CofferError):
    """The verb needs K and the safe is locked."""

    code = "safe_locked"
    message = "This safe is locked."
    next_step = "Unlock it with your password or your key."


class KeyWrongLength(CofferError):
    code = "key_wrong_length"
    next_step = "Compare it with what you saved: 16 groups of 4."


class KeyBadLetter(CofferError):
    code = "key_bad_letter"
    next_step = "A key has only the digits 0 to 9 and the letters a to f."


class KeyOfAnotherSafe(CofferError):
    code = "key_of_another_safe"
    message = "This is a well-formed key, but not the key of this safe."
    next_step = "Check the name or date beside the key you saved, or choose another safe."


class PasskeyDoesNotOpen(CofferError):
    """What the passkey gave does not open the wrap that the site keeps for it."""

    code = "passkey_does_not_open"
    message = "This passkey does not open the safe."
    next_step = "Open the safe with its password or its key, then remove this passkey and add it again."


class PasskeyAlone(CofferError):
    """Neither the digits nor the password were proved while this page was open."""

    code = "passkey_alone"
    message = "A passkey can never be the only way into a safe."
    next_step = "Show first that the 64-digit key or the password works, then try again."

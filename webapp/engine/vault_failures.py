"""What the vault's client finds by itself, as errors in the words of the wire's table."""

from vault.wire.errors import MEANINGS, ErrorCode

from .errors import CofferError


class _VaultFailure(CofferError):
    """An error the client finds itself, in the words of the wire's table."""

    meaning: ErrorCode

    def __init__(self, **data: object) -> None:
        meaning = MEANINGS[self.meaning]
        super().__init__(meaning.message, code=self.meaning.value, next_step=meaning.next, data=data)


class WrongPassword(_VaultFailure):
    """The password is not this safe's; data: guesses_left."""

    meaning = ErrorCode.WRONG_PASSWORD

    @property
    def guesses_left(self) -> int:
        """Guesses left now; 0: this was the last one."""
        value = self.data["guesses_left"]
        return value if isinstance(value, int) else 0


class VaultSubstituted(_VaultFailure):
    """Whoever answered is not the vault that this bundle pins."""

    meaning = ErrorCode.VAULT_SUBSTITUTED


class VaultUnreadable(_VaultFailure):
    """The reply has another shape than the protocol's, or does not open."""

    meaning = ErrorCode.REPLY_UNREADABLE


class ChangeUnsure(_VaultFailure):
    """A replacement's last request was sent and never answered: either password may be the safe's now."""

    meaning = ErrorCode.CHANGE_UNSURE

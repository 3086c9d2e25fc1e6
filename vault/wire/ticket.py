"""Account tickets: how the site tells the vault which account asks, for one purpose, once, within a minute.

On the wire a ticket is base64url(payload ‖ Ed25519 signature), sent in the header `Coffer-Ticket`. Signing and
verifying belong to the site's and the vault's own provider modules; this module fixes the bytes.
"""

from dataclasses import dataclass
from enum import StrEnum

from .encoding import EncodingError, from_text, to_text

HEADER = "Coffer-Ticket"
DOMAIN = b"coffer/v1/account-ticket"
LIFETIME_SECONDS = 60
ID_BYTES = 16
TICKET_ID_BYTES = 32
# In a ticket of the site itself (feed: no account; pause, resume: every safe of the account).
NOBODY = bytes(ID_BYTES)
SIGNATURE_BYTES = 64
# ticket id 32, account 16, safe 16, session 16, expiry 8, purpose 1
PAYLOAD_BYTES = TICKET_ID_BYTES + 3 * ID_BYTES + 8 + 1


class Purpose(StrEnum):
    """What one ticket may be spent on."""

    OPEN_SAFE = "open-safe"
    REGISTER = "register"
    LOGIN = "login"
    STATUS = "status"
    HEAD = "head"
    DESTROY = "destroy"
    EVENTS = "events"
    FEED = "feed"
    PAUSE = "pause"
    RESUME = "resume"
    REPLACE = "replace"


_PURPOSES = list(Purpose)
# What the site spends itself: it never hands such a ticket to a browser.
OF_THE_SITE = frozenset({Purpose.FEED, Purpose.PAUSE, Purpose.RESUME})


@dataclass(frozen=True, slots=True)
class AccountTicket:
    """ticket_id: 32 random bytes, spent once (and the nonce of an owner proof made with it); account, safe: 16 bytes;
    session: 16 bytes that name the site's session without revealing its key; expiry: Unix seconds."""

    ticket_id: bytes
    account: bytes
    safe: bytes
    session: bytes
    expiry: int
    purpose: Purpose

    def payload(self) -> bytes:
        """The fixed-length bytes of the ticket."""
        value = (
            self.ticket_id
            + self.account
            + self.safe
            + self.session
            + self.expiry.to_bytes(8, "big")
            + bytes([_PURPOSES.index(self.purpose)])
        )
        if len(value) != PAYLOAD_BYTES:
            raise ValueError("a ticket field has the wrong length")
        return value

    def signed_message(self) -> bytes:
        """What the site's ticket key signs."""
        return DOMAIN + self.payload()


def encode(ticket: AccountTicket, signature: bytes) -> str:
    """Ticket and its signature (64 bytes) → the header's text."""
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("an Ed25519 signature is 64 bytes")
    return to_text(ticket.payload() + signature)


def decode(text: str) -> tuple[AccountTicket, bytes]:
    """The header's text → (ticket, signature), nothing verified yet. Raises EncodingError."""
    value = from_text(text, PAYLOAD_BYTES + SIGNATURE_BYTES)
    purpose = value[PAYLOAD_BYTES - 1]
    if purpose >= len(_PURPOSES):
        raise EncodingError("unknown purpose")
    ticket = AccountTicket(
        ticket_id=value[:32],
        account=value[32:48],
        safe=value[48:64],
        session=value[64:80],
        expiry=int.from_bytes(value[80:88], "big"),
        purpose=_PURPOSES[purpose],
    )
    return ticket, value[PAYLOAD_BYTES:]

"""The browser's half of the vault's protocol (docs/vault-protocol.md): one method a verb, errors as types.

It believes no one but the pinned vault: a registration is finished only after the vault's signature over it verified
(vault_registration.py), a login only with the pinned OPAQUE key (vault_login.py), a head only with a signature over
this very request.
"""

import hashlib

from vault.wire import messages
from vault.wire.limits import EVENTS_REPLY_BYTES
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .errors import SignatureInvalid
from .owner import owner_public_key
from .vault_failures import ChangeUnsure, VaultSubstituted, VaultUnreadable, WrongPassword
from .vault_login import Unlocked
from .vault_registration import Registered
from .vault_replacement import ReplacementVerbs
from .vault_requests import VaultPins, nonce_of

__all__ = [
    "ChangeUnsure",
    "Registered",
    "Unlocked",
    "VaultClient",
    "VaultPins",
    "VaultSubstituted",
    "VaultUnreadable",
    "WrongPassword",
]

_NOTHING = hashlib.sha256(b"").digest()


class VaultClient(ReplacementVerbs):
    """Every verb raises NetworkDown, SignedOut, or SiteRefused with the vault's own code (vault.wire.errors), words and
    data; VaultSubstituted; VaultUnreadable; what else, its docstring says."""

    @property
    def signing_public_key(self) -> bytes:
        """The pinned key (32 bytes) that the vault signs with."""
        return self.pins.signing_public_key

    async def check_identity(self) -> None:
        """Asks the vault who it is. Raises VaultSubstituted."""
        identity = await self.request("GET", "identity", messages.Identity)
        if (identity.opaque_public_key, identity.signing_public_key) != (
            self.pins.opaque_public_key,
            self.pins.signing_public_key,
        ):
            raise VaultSubstituted

    async def open_safe(self, safe: bytes, key: BackupKey) -> None:
        """Makes the safe and its owner known to the vault; repeating it is fine. Code safe_exists: another key's."""
        ticket = await self.tickets(safe, Purpose.OPEN_SAFE)
        public = owner_public_key(self.provider, key)
        proof = self.proof(ticket, safe, key, Action.CREATE_SAFE, hashlib.sha256(public).digest())
        await self.post("safes", ticket, messages.OpenSafe(public, proof), messages.Empty)

    async def status(self, safe: bytes) -> messages.Status:
        """The state of the safe's password. Code safe_unknown: the vault never heard of this safe."""
        ticket = await self.tickets(safe, Purpose.STATUS)
        return await self.post("status", ticket, messages.Empty(), messages.Status)

    async def events(self, safe: bytes, version: int, after: int) -> tuple[bytes, messages.EventsPage]:
        """→ (the nonce under the signature, a page of events); activity.py verifies it. Code safe_unknown."""
        ticket = await self.tickets(safe, Purpose.EVENTS)
        asked = messages.ReadEvents(version, after)
        page = await self.post("events", ticket, asked, messages.EventsPage, EVENTS_REPLY_BYTES)
        return nonce_of(ticket), page

    async def set_head(self, safe: bytes, key: BackupKey, head: bytes) -> None:
        """Tells the vault the safe's newest snapshot head (32 bytes), as its owner."""
        ticket = await self.tickets(safe, Purpose.HEAD)
        proof = self.proof(ticket, safe, key, Action.SET_HEAD, head)
        await self.post("heads", ticket, messages.SetHead(head, proof), messages.Empty)

    async def read_head(self, safe: bytes, key: BackupKey) -> bytes | None:
        """The head the vault remembers, for an owner who unlocked with the digits. Raises VaultSubstituted."""
        ticket = await self.tickets(safe, Purpose.HEAD)
        proof = self.proof(ticket, safe, key, Action.READ_HEAD, _NOTHING)
        reply = await self.post("heads/read", ticket, messages.ReadHead(proof), messages.Head)
        message = messages.head_message(self.account, safe, nonce_of(ticket), reply.head)
        try:
            self.provider.ed25519_verify(self.pins.signing_public_key, message, reply.signature)
        except SignatureInvalid:
            raise VaultSubstituted from None
        return reply.head

    async def destroy(self, safe: bytes, key: BackupKey, record: bytes, version: int) -> None:
        """Removes the password for good, as its owner; repeating it is fine. record, version: from `status`."""
        ticket = await self.tickets(safe, Purpose.DESTROY)
        proof = self.proof(ticket, safe, key, Action.DESTROY_RECORD, _NOTHING, record=record, version=version)
        await self.post("destroy", ticket, messages.Destroy(record, proof), messages.Empty)

"""One request to the vault: its ticket, its owner proof, its reply under a cap, and whom it is believed from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vault.opaque import Configuration
from vault.wire import ticket as ticket_wire
from vault.wire.encoding import EncodingError
from vault.wire.errors import VaultError
from vault.wire.limits import REPLY_BYTES
from vault.wire.message import Message
from vault.wire.owner_proof import NO_RECORD, Action, Audience
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .owner import sign_as_owner
from .ports import CryptoProvider, Http
from .site_client import refusal
from .vault_failures import VaultUnreadable

API = "/vault/v1/"

# safe id, purpose → the site's ticket text (SiteClient.ticket)
Tickets = Callable[[bytes, Purpose], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class VaultPins:
    """The two public keys (32 bytes each) that the bundle was built with."""

    opaque_public_key: bytes
    signing_public_key: bytes


class VaultRequests:
    """What all verbs share. account: whose tickets it spends (16 bytes)."""

    def __init__(
        self,
        http: Http,
        provider: CryptoProvider,
        opaque: Configuration,
        pins: VaultPins,
        tickets: Tickets,
        account: bytes,
    ) -> None:
        self._http = http
        self.provider = provider
        self.opaque = opaque
        self.pins = pins
        self.tickets = tickets
        self.account = account

    def proof(
        self,
        ticket: str,
        safe: bytes,
        key: BackupKey,
        action: Action,
        content: bytes,
        *,
        record: bytes = NO_RECORD,
        version: int = 0,
    ) -> bytes:
        """The owner's signature (64 bytes) over this change; its nonce is the ticket's id."""
        return sign_as_owner(
            self.provider,
            key,
            audience=Audience.VAULT,
            action=action,
            account=self.account,
            safe=safe,
            content=content,
            nonce=nonce_of(ticket),
            record=record,
            version=version,
        ).signature

    async def post[M: Message](
        self, path: str, ticket: str, request: Message, reply: type[M], cap: int = REPLY_BYTES
    ) -> M:
        """One message under its ticket. Raises NetworkDown, SignedOut, SiteRefused, VaultUnreadable."""
        return await self.request("POST", path, reply, request.to_bytes(), ticket, cap)

    async def request[M: Message](
        self,
        method: str,
        path: str,
        reply: type[M],
        body: bytes | None = None,
        ticket: str | None = None,
        cap: int = REPLY_BYTES,
    ) -> M:
        """Raises what `post` raises."""
        headers = {} if body is None else {"content-type": "application/json"}
        if ticket is not None:
            headers[ticket_wire.HEADER] = ticket
        response = await self._http.request(method, API + path, body=body, headers=headers)
        if len(response.body) > cap:
            raise VaultUnreadable
        if response.status >= 400:
            raise refusal(self.provider, response)
        try:
            return reply.from_bytes(self.provider.load(response.body))
        except VaultError:
            raise VaultUnreadable from None


def nonce_of(ticket: str) -> bytes:
    """The ticket's id, which is the nonce of an owner proof made with it. Raises VaultUnreadable."""
    try:
        return ticket_wire.decode(ticket)[0].ticket_id
    except EncodingError:
        raise VaultUnreadable from None

"""Setting a password at the vault: its one answer, verified, then what the owner makes of it."""

import hashlib
from dataclasses import dataclass

from vault.opaque import ClientRegistration, OpaqueError, RegistrationResponse, ServerAuthenticationError
from vault.wire import messages
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .crypto.secret import Secret
from .errors import SignatureInvalid
from .vault_failures import VaultSubstituted, VaultUnreadable
from .vault_requests import VaultRequests
from .vault_wrap import wrap


@dataclass(frozen=True, slots=True)
class Registered:
    """The record that now guards the safe."""

    record: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where a registration goes: the first request's path (the second's is below it), its ticket, its proof."""

    path: str
    purpose: Purpose
    action: Action


FIRST = Way("registrations", Purpose.REGISTER, Action.REGISTER_RECORD)
STAGED = Way("replacements", Purpose.REPLACE, Action.STAGE_RECORD)


class RegistrationVerbs(VaultRequests):
    """A first password, and what a replacement begins with."""

    async def register_password(self, safe: bytes, key: BackupKey, password: Secret) -> Registered:
        """Guards K with a password (prepared by `prepare_password`). Code record_active: there is one already."""
        return await self.registered(safe, key, password, FIRST)

    async def registered(self, safe: bytes, key: BackupKey, password: Secret, way: Way) -> Registered:
        """Both messages. Nothing is finished before the pinned vault's signature over its answer has verified.

        Raises VaultSubstituted, VaultUnreadable.
        """
        client, request = ClientRegistration.create_request(self.opaque, password.expose())
        asked = messages.StartRegistration(request.to_bytes())
        ticket = await self.tickets(safe, way.purpose)
        started = await self.post(way.path, ticket, asked, messages.RegistrationStarted)
        try:
            self.provider.ed25519_verify(
                self.pins.signing_public_key,
                started.signed_message(self.account, safe, asked.registration_request),
                started.signature,
            )
            record, export_key = client.finalize(
                RegistrationResponse.from_bytes(started.registration_response),
                client_identity=self.account,
                server_identity=self.pins.opaque_public_key,
                pinned_server_public_key=self.pins.opaque_public_key,
            )
        except (SignatureInvalid, ServerAuthenticationError):
            raise VaultSubstituted from None
        except OpaqueError:
            raise VaultUnreadable from None
        wrapped_key = await wrap(
            self.provider, Secret(export_key), key, account=self.account, safe=safe, record=started.record
        )
        registration_record = record.to_bytes()
        content = hashlib.sha256(registration_record + wrapped_key).digest()
        ticket = await self.tickets(safe, way.purpose)
        proof = self.proof(ticket, safe, key, way.action, content, record=started.record, version=started.version)
        finish = messages.FinishRegistration(started.record, registration_record, wrapped_key, proof)
        await self.post(way.path + "/finish", ticket, finish, messages.RegistrationFinished)
        return Registered(started.record, started.version)

"""The browser's half of the vault's protocol (docs/vault-protocol.md): one method a verb, errors as types.

It believes no one but the pinned vault: a registration is finished only after the vault's signature over it verified,
a login only with the pinned OPAQUE key, a head only with a signature over this very request.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from vault.opaque import (
    KE2,
    ClientLogin,
    ClientRegistration,
    Configuration,
    EnvelopeRecoveryError,
    OpaqueError,
    RegistrationResponse,
    ServerAuthenticationError,
)
from vault.wire import messages
from vault.wire import ticket as ticket_wire
from vault.wire.encoding import EncodingError
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.hkdf import hkdf_sha256
from vault.wire.limits import EVENTS_REPLY_BYTES, ID_BYTES, NONCE_BYTES, REPLY_BYTES
from vault.wire.message import Message
from vault.wire.owner_proof import NO_RECORD, Action, Audience
from vault.wire.session_reply import SessionReply, reply_binding, reply_key
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .crypto.secret import Secret
from .errors import Cancelled, NetworkDown, SealBroken, SignatureInvalid, SiteRefused
from .owner import owner_public_key, sign_as_owner
from .ports import CryptoProvider, Http
from .site_client import refusal
from .vault_failures import ChangeUnsure, VaultSubstituted, VaultUnreadable, WrongPassword

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

API = "/vault/v1/"
WRAP_LABEL = b"coffer/v1/wrap"
LOGIN_ATTEMPTS = 3
_NOTHING = hashlib.sha256(b"").digest()

# safe id, purpose → the site's ticket text (SiteClient.ticket)
Tickets = Callable[[bytes, Purpose], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class VaultPins:
    """The two public keys (32 bytes each) that the bundle was built with."""

    opaque_public_key: bytes
    signing_public_key: bytes


@dataclass(frozen=True, slots=True)
class Registered:
    """The record that now guards the safe."""

    record: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a login gave: K, the head the vault remembers (32 bytes or None), guesses left before this login was
    charged, and failures since the last unlock."""

    key: BackupKey
    head: bytes | None
    guesses_before: int
    failures: int
    record: bytes


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a registration goes: the first request's path (the second's is below it), its ticket, its proof."""

    path: str
    purpose: Purpose
    action: Action


@dataclass(frozen=True, slots=True)
class _LoginWay:
    """Where a login goes: to the active record, or to the staged one."""

    path: str
    purpose: Purpose


_FIRST = _Way("registrations", Purpose.REGISTER, Action.REGISTER_RECORD)
_STAGED = _Way("replacements", Purpose.REPLACE, Action.STAGE_RECORD)
_AT_ACTIVE = _LoginWay("logins", Purpose.LOGIN)
_AT_STAGED = _LoginWay("replacements/logins", Purpose.REPLACE)


class VaultClient:
    """Every verb raises NetworkDown, SignedOut, or SiteRefused with the vault's own code (vault.wire.errors), words and
    data; VaultSubstituted; VaultUnreadable; what else, its docstring says."""

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
        self._provider = provider
        self._opaque = opaque
        self._pins = pins
        self._tickets = tickets
        self._account = account

    async def check_identity(self) -> None:
        """Asks the vault who it is. Raises VaultSubstituted."""
        identity = await self._request("GET", "identity", messages.Identity)
        if (identity.opaque_public_key, identity.signing_public_key) != (
            self._pins.opaque_public_key,
            self._pins.signing_public_key,
        ):
            raise VaultSubstituted

    async def open_safe(self, safe: bytes, key: BackupKey) -> None:
        """Makes the safe and its owner known to the vault; repeating it is fine. Code safe_exists: another key's."""
        ticket = await self._tickets(safe, Purpose.OPEN_SAFE)
        public = owner_public_key(self._provider, key)
        proof = self._proof(ticket, safe, key, Action.CREATE_SAFE, hashlib.sha256(public).digest())
        await self._post("safes", ticket, messages.OpenSafe(public, proof), messages.Empty)

    async def register_password(self, safe: bytes, key: BackupKey, password: Secret) -> Registered:
        """Guards K with a password (prepared by `prepare_password`). Code record_active: there is one already."""
        return await self._register(safe, key, password, _FIRST)

    async def stage_password(self, safe: bytes, key: BackupKey, password: Secret) -> Registered:
        """A new password that waits beside the one there is, which goes on working.

        Codes: record_missing, record_destroyed: there is none to replace.
        """
        return await self._register(safe, key, password, _STAGED)

    async def prove_staged(self, safe: bytes, key: BackupKey, password: Secret) -> None:
        """A full login at the staged record: its password gives K back. Raises WrongPassword. Code record_gone."""
        proved = await self._login(safe, key.key_check, password, _AT_STAGED)
        if proved.key.secret != key.secret:
            raise VaultUnreadable

    async def promote_staged(self, safe: bytes, key: BackupKey, replaced: Registered, staged: Registered) -> None:
        """The staged record takes the place of `replaced`, which ends.

        Raises ChangeUnsure where the reply was lost again and again. Codes: record_gone, record_unproved,
        record_replaced.
        """
        sent = False
        for _ in range(LOGIN_ATTEMPTS):
            try:
                ticket = await self._tickets(safe, Purpose.REPLACE)
                proof = self._proof(
                    ticket,
                    safe,
                    key,
                    Action.REPLACE_RECORD,
                    messages.replaced_content(replaced.record, replaced.version),
                    record=staged.record,
                    version=staged.version,
                )
                sent = True
                asked = messages.Promote(replaced.record, staged.record, proof)
                await self._post("replacements/promote", ticket, asked, messages.Empty)
            except NetworkDown:
                continue
            except SiteRefused as refused:
                if refused.code != ErrorCode.UNREACHABLE:
                    raise
                continue
            except Cancelled:
                if sent:
                    break
                raise
            return
        raise ChangeUnsure if sent else NetworkDown

    async def _register(self, safe: bytes, key: BackupKey, password: Secret, way: _Way) -> Registered:
        client, request = ClientRegistration.create_request(self._opaque, password.expose())
        asked = messages.StartRegistration(request.to_bytes())
        ticket = await self._tickets(safe, way.purpose)
        started = await self._post(way.path, ticket, asked, messages.RegistrationStarted)
        try:
            self._provider.ed25519_verify(
                self._pins.signing_public_key,
                started.signed_message(self._account, safe, asked.registration_request),
                started.signature,
            )
            record, export_key = client.finalize(
                RegistrationResponse.from_bytes(started.registration_response),
                client_identity=self._account,
                server_identity=self._pins.opaque_public_key,
                pinned_server_public_key=self._pins.opaque_public_key,
            )
        except (SignatureInvalid, ServerAuthenticationError):
            raise VaultSubstituted from None
        except OpaqueError:
            raise VaultUnreadable from None
        wrapped_key = await self._wrap(Secret(export_key), safe, started.record, key)
        registration_record = record.to_bytes()
        content = hashlib.sha256(registration_record + wrapped_key).digest()
        ticket = await self._tickets(safe, way.purpose)
        proof = self._proof(ticket, safe, key, way.action, content, record=started.record, version=started.version)
        finish = messages.FinishRegistration(started.record, registration_record, wrapped_key, proof)
        await self._post(way.path + "/finish", ticket, finish, messages.RegistrationFinished)
        return Registered(started.record, started.version)

    async def login_with_password(self, safe: bytes, key_check: bytes, password: Secret) -> Unlocked:
        """K for the right password; costs a guess that only the right password gives back. A lost reply costs nothing.

        Raises WrongPassword. Codes: record_missing, record_destroyed, record_locked, guesses_used, record_closed.
        """
        return await self._login(safe, key_check, password, _AT_ACTIVE)

    async def _login(self, safe: bytes, key_check: bytes, password: Secret, way: _LoginWay) -> Unlocked:
        client, ke1 = ClientLogin.generate_ke1(self._opaque, password.expose())
        ticket = await self._tickets(safe, way.purpose)
        start = messages.StartLogin(self._provider.random_bytes(ID_BYTES), ke1.to_bytes())
        started = await self._start_login(way.path, ticket, start)
        try:
            result = client.generate_ke3(
                KE2.from_bytes(started.ke2),
                client_identity=self._account,
                server_identity=self._pins.opaque_public_key,
                pinned_server_public_key=self._pins.opaque_public_key,
            )
        except EnvelopeRecoveryError:
            raise WrongPassword(guesses_left=started.guesses_left) from None
        except ServerAuthenticationError:
            raise VaultSubstituted from None
        except OpaqueError:
            raise VaultUnreadable from None
        finish = messages.FinishLogin(started.login, result.ke3.to_bytes())
        finished = await self._post(way.path + "/finish", ticket, finish, messages.LoginFinished)
        reply = await self._open_reply(Secret(result.session_key), safe, started, finished.sealed)
        key = await self._unwrap(Secret(result.export_key), safe, started.record, key_check, reply.wrapped_key)
        return Unlocked(key, reply.head, reply.guesses_before, reply.failures, started.record)

    async def status(self, safe: bytes) -> messages.Status:
        """The state of the safe's password. Code safe_unknown: the vault never heard of this safe."""
        ticket = await self._tickets(safe, Purpose.STATUS)
        return await self._post("status", ticket, messages.Empty(), messages.Status)

    @property
    def signing_public_key(self) -> bytes:
        """The pinned key (32 bytes) that the vault signs with."""
        return self._pins.signing_public_key

    @property
    def account(self) -> bytes:
        """Whose tickets it spends (16 bytes)."""
        return self._account

    async def events(self, safe: bytes, version: int, after: int) -> tuple[bytes, messages.EventsPage]:
        """→ (the nonce under the signature, a page of events); activity.py verifies it. Code safe_unknown."""
        ticket = await self._tickets(safe, Purpose.EVENTS)
        asked = messages.ReadEvents(version, after)
        page = await self._post("events", ticket, asked, messages.EventsPage, EVENTS_REPLY_BYTES)
        return _nonce(ticket), page

    async def set_head(self, safe: bytes, key: BackupKey, head: bytes) -> None:
        """Tells the vault the safe's newest snapshot head (32 bytes), as its owner."""
        ticket = await self._tickets(safe, Purpose.HEAD)
        proof = self._proof(ticket, safe, key, Action.SET_HEAD, head)
        await self._post("heads", ticket, messages.SetHead(head, proof), messages.Empty)

    async def read_head(self, safe: bytes, key: BackupKey) -> bytes | None:
        """The head the vault remembers, for an owner who unlocked with the digits. Raises VaultSubstituted."""
        ticket = await self._tickets(safe, Purpose.HEAD)
        proof = self._proof(ticket, safe, key, Action.READ_HEAD, _NOTHING)
        reply = await self._post("heads/read", ticket, messages.ReadHead(proof), messages.Head)
        message = messages.head_message(self._account, safe, _nonce(ticket), reply.head)
        try:
            self._provider.ed25519_verify(self._pins.signing_public_key, message, reply.signature)
        except SignatureInvalid:
            raise VaultSubstituted from None
        return reply.head

    async def destroy(self, safe: bytes, key: BackupKey, record: bytes, version: int) -> None:
        """Removes the password for good, as its owner; repeating it is fine. record, version: from `status`."""
        ticket = await self._tickets(safe, Purpose.DESTROY)
        proof = self._proof(ticket, safe, key, Action.DESTROY_RECORD, _NOTHING, record=record, version=version)
        await self._post("destroy", ticket, messages.Destroy(record, proof), messages.Empty)

    async def _start_login(self, path: str, ticket: str, start: messages.StartLogin) -> messages.LoginStarted:
        """The same request again after a reply that got lost, on the way to the site or from there to the vault: the
        vault answers it without a second charge."""
        for _ in range(LOGIN_ATTEMPTS - 1):
            try:
                return await self._post(path, ticket, start, messages.LoginStarted)
            except NetworkDown:
                continue
            except SiteRefused as refused:
                if refused.code != ErrorCode.UNREACHABLE.value:
                    raise
        return await self._post(path, ticket, start, messages.LoginStarted)

    async def _open_reply(
        self, session_key: Secret, safe: bytes, started: messages.LoginStarted, sealed: bytes
    ) -> SessionReply:
        binding = reply_binding(self._account, safe, started.record, started.version, started.login)
        key = reply_key(session_key.expose(), started.login)
        try:
            plaintext = await self._provider.aes_gcm_open(key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding)
            return SessionReply.from_plaintext(plaintext)
        except (SealBroken, EncodingError):
            raise VaultUnreadable from None

    async def _wrap(self, export_key: Secret, safe: bytes, record: bytes, key: BackupKey) -> bytes:
        nonce = self._provider.random_bytes(NONCE_BYTES)
        binding = self._account + safe + record + key.key_check
        wrapping = hkdf_sha256(export_key.expose(), WRAP_LABEL + record)
        return nonce + await self._provider.aes_gcm_seal(wrapping, nonce, key.secret.expose(), binding)

    async def _unwrap(
        self, export_key: Secret, safe: bytes, record: bytes, key_check: bytes, wrapped: bytes
    ) -> BackupKey:
        binding = self._account + safe + record + key_check
        wrapping = hkdf_sha256(export_key.expose(), WRAP_LABEL + record)
        try:
            key = BackupKey(
                Secret(
                    await self._provider.aes_gcm_open(wrapping, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], binding)
                )
            )
        except SealBroken:
            raise VaultUnreadable from None
        if key.key_check != key_check:
            raise VaultUnreadable
        return key

    def _proof(
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
        return sign_as_owner(
            self._provider,
            key,
            audience=Audience.VAULT,
            action=action,
            account=self._account,
            safe=safe,
            content=content,
            nonce=_nonce(ticket),
            record=record,
            version=version,
        ).signature

    async def _post[M: Message](
        self, path: str, ticket: str, request: Message, reply: type[M], cap: int = REPLY_BYTES
    ) -> M:
        return await self._request("POST", path, reply, request.to_bytes(), ticket, cap)

    async def _request[M: Message](
        self,
        method: str,
        path: str,
        reply: type[M],
        body: bytes | None = None,
        ticket: str | None = None,
        cap: int = REPLY_BYTES,
    ) -> M:
        headers = {} if body is None else {"content-type": "application/json"}
        if ticket is not None:
            headers[ticket_wire.HEADER] = ticket
        response = await self._http.request(method, API + path, body=body, headers=headers)
        if len(response.body) > cap:
            raise VaultUnreadable
        if response.status >= 400:
            raise refusal(self._provider, response)
        try:
            return reply.from_bytes(self._provider.load(response.body))
        except VaultError:
            raise VaultUnreadable from None


def _nonce(ticket: str) -> bytes:
    """The ticket's id, which is the nonce of an owner proof made with it. Raises VaultUnreadable."""
    try:
        return ticket_wire.decode(ticket)[0].ticket_id
    except EncodingError:
        raise VaultUnreadable from None

"""Logging in at the vault: KE1 → KE2 → KE3 → the wrapped key and the head, under the session key."""

from dataclasses import dataclass

from vault.opaque import KE2, ClientLogin, EnvelopeRecoveryError, OpaqueError, ServerAuthenticationError
from vault.wire import messages
from vault.wire.encoding import EncodingError
from vault.wire.errors import ErrorCode
from vault.wire.limits import ID_BYTES, NONCE_BYTES
from vault.wire.session_reply import SessionReply, reply_binding, reply_key
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .crypto.secret import Secret
from .errors import NetworkDown, SealBroken, SiteRefused
from .vault_failures import VaultSubstituted, VaultUnreadable, WrongPassword
from .vault_requests import VaultRequests
from .vault_wrap import unwrap

LOGIN_ATTEMPTS = 3


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
class LoginWay:
    """Where a login goes: to the active record, or to the staged one."""

    path: str
    purpose: Purpose


AT_ACTIVE = LoginWay("logins", Purpose.LOGIN)
AT_STAGED = LoginWay("replacements/logins", Purpose.REPLACE)


class LoginVerbs(VaultRequests):
    """K for the right password."""

    async def login_with_password(self, safe: bytes, key_check: bytes, password: Secret) -> Unlocked:
        """K for the right password; costs a guess that only the right password gives back. A lost reply costs nothing.

        Raises WrongPassword. Codes: record_missing, record_destroyed, record_locked, guesses_used, record_closed.
        """
        return await self.logged_in(safe, key_check, password, AT_ACTIVE)

    async def logged_in(self, safe: bytes, key_check: bytes, password: Secret, way: LoginWay) -> Unlocked:
        """Both messages. Raises WrongPassword, VaultSubstituted, VaultUnreadable."""
        client, ke1 = ClientLogin.generate_ke1(self.opaque, password.expose())
        ticket = await self.tickets(safe, way.purpose)
        start = messages.StartLogin(self.provider.random_bytes(ID_BYTES), ke1.to_bytes())
        started = await self._started(way.path, ticket, start)
        try:
            result = client.generate_ke3(
                KE2.from_bytes(started.ke2),
                client_identity=self.account,
                server_identity=self.pins.opaque_public_key,
                pinned_server_public_key=self.pins.opaque_public_key,
            )
        except EnvelopeRecoveryError:
            raise WrongPassword(guesses_left=started.guesses_left) from None
        except ServerAuthenticationError:
            raise VaultSubstituted from None
        except OpaqueError:
            raise VaultUnreadable from None
        finish = messages.FinishLogin(started.login, result.ke3.to_bytes())
        finished = await self.post(way.path + "/finish", ticket, finish, messages.LoginFinished)
        reply = await self._open_reply(Secret(result.session_key), safe, started, finished.sealed)
        key = await unwrap(
            self.provider,
            Secret(result.export_key),
            reply.wrapped_key,
            account=self.account,
            safe=safe,
            record=started.record,
            key_check=key_check,
        )
        return Unlocked(key, reply.head, reply.guesses_before, reply.failures, started.record)

    async def _started(self, path: str, ticket: str, start: messages.StartLogin) -> messages.LoginStarted:
        """The same request again after a reply that got lost, on the way to the site or from there to the vault: the
        vault answers it without a second charge."""
        for _ in range(LOGIN_ATTEMPTS - 1):
            try:
                return await self.post(path, ticket, start, messages.LoginStarted)
            except NetworkDown:
                continue
            except SiteRefused as refused:
                if refused.code != ErrorCode.UNREACHABLE.value:
                    raise
        return await self.post(path, ticket, start, messages.LoginStarted)

    async def _open_reply(
        self, session_key: Secret, safe: bytes, started: messages.LoginStarted, sealed: bytes
    ) -> SessionReply:
        binding = reply_binding(self.account, safe, started.record, started.version, started.login)
        key = reply_key(session_key.expose(), started.login)
        try:
            plaintext = await self.provider.aes_gcm_open(key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], binding)
            return SessionReply.from_plaintext(plaintext)
        except (SealBroken, EncodingError):
            raise VaultUnreadable from None

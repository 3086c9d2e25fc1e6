"""Changing a password: staged beside the old one, proved by a full login, then promoted into its place."""

from vault.wire import messages
from vault.wire.errors import ErrorCode
from vault.wire.owner_proof import Action
from vault.wire.ticket import Purpose

from .crypto.keys import BackupKey
from .crypto.secret import Secret
from .errors import Cancelled, NetworkDown, SiteRefused
from .vault_failures import ChangeUnsure, VaultUnreadable
from .vault_login import AT_STAGED, LOGIN_ATTEMPTS, LoginVerbs
from .vault_registration import STAGED, Registered, RegistrationVerbs


class ReplacementVerbs(RegistrationVerbs, LoginVerbs):
    """The three steps; until the last one the old password works."""

    async def stage_password(self, safe: bytes, key: BackupKey, password: Secret) -> Registered:
        """A new password that waits beside the one there is, which goes on working.

        Codes: record_missing, record_destroyed: there is none to replace.
        """
        return await self.registered(safe, key, password, STAGED)

    async def prove_staged(self, safe: bytes, key: BackupKey, password: Secret) -> None:
        """A full login at the staged record: its password gives K back. Raises WrongPassword. Code record_gone."""
        proved = await self.logged_in(safe, key.key_check, password, AT_STAGED)
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
                ticket = await self.tickets(safe, Purpose.REPLACE)
                proof = self.proof(
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
                await self.post("replacements/promote", ticket, asked, messages.Empty)
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

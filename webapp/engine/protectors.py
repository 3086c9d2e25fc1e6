"""Adding, changing and removing what opens a safe, so that nobody ends with no working protector by accident."""

from .crypto.keys import prepare_password
from .errors import CofferError
from .ports import Progress, Reporter
from .safes import OpenSafe, Protector, end_records, set_first_password, standing
from .vault_client import Registered, VaultClient

NO_PASSWORD = frozenset({"none", "pending", "destroyed"})


class ProtectorUnproved(CofferError):
    """The digits were not proved while the safe was open here; a passkey is never to be the only protector."""

    code = "protector_unproved"
    message = "The 64 digits have not been checked yet."
    next_step = "Check the digits that you saved once, then remove the password."


class NoPassword(CofferError):
    """There is no working password to change."""

    code = "password_missing"
    message = "This safe has no working password."
    next_step = "Add one instead."


async def add_password(vault: VaultClient, opened: OpenSafe, password: str, report: Reporter) -> None:
    """A password for a safe that has none, or whose record was destroyed; proved by a login before this returns.

    May be repeated. Codes: record_active where another device was faster.
    """
    report(Progress("staging", 0, 2))
    await vault.open_safe(opened.safe, opened.key)
    await set_first_password(vault, opened.safe, opened.key, password)
    report(Progress("proving", 1, 2))
    await vault.login_with_password(opened.safe, opened.key.key_check, prepare_password(password))
    opened.proved.add(Protector.VAULT)


async def change_password(vault: VaultClient, opened: OpenSafe, password: str, report: Reporter) -> None:
    """Staged, proved, promoted: until the last step the old password works, and trying again begins anew.

    Raises NoPassword, ChangeUnsure, Cancelled (before the last step).
    """
    report(Progress("staging", 0, 3))
    status = await standing(vault, opened.safe)
    if status is None or status.record is None or status.version is None or status.state in NO_PASSWORD:
        raise NoPassword
    prepared, key = prepare_password(password), opened.key
    staged = await vault.stage_password(opened.safe, key, prepared)
    report.check()
    report(Progress("proving", 1, 3))
    await vault.prove_staged(opened.safe, key, prepared)
    report.check()
    report(Progress("promoting", 2, 3))
    await vault.promote_staged(opened.safe, key, Registered(status.record, status.version), staged)
    opened.proved.add(Protector.VAULT)


async def remove_password(vault: VaultClient, opened: OpenSafe) -> None:
    """Removes the password for good. Raises ProtectorUnproved unless the digits were proved while the safe was open."""
    if Protector.DIGITS not in opened.proved:
        raise ProtectorUnproved
    await end_records(vault, opened.safe, opened.key)
    opened.proved.discard(Protector.VAULT)

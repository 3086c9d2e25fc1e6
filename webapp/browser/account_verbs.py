"""Verbs about the account and its safes: who am I, make a safe, unlock, show the key, lock."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from webapp.engine.errors import CofferError, SafeLocked
from webapp.engine.site_client import SafeRow

from . import bridge
from .state import State

if TYPE_CHECKING:
    from webapp.engine.vault_client import VaultClient

Json = dict[str, Any]


async def me(state: State) -> Json:
    answer = await state.site.me()
    bridge.js.setCsrf(answer["csrf"])
    state.account = bytes.fromhex(answer["account"])
    return {"email": answer["email"], "account": answer["account"]}


async def vault(state: State) -> "VaultClient":
    """The vault's client; libsodium is fetched when it is first needed."""
    from webapp.engine.vault_client import VaultClient, VaultPins

    from .sodium import browser_configuration

    await bridge.js.loadSodium()
    pins = VaultPins(state.pins.opaque_public_key, state.pins.signing_public_key)
    account = await state.known_account()
    return VaultClient(state.http, state.provider, browser_configuration(), pins, state.site.ticket, account)


async def safes(state: State) -> list[Json]:
    rows = await state.site.safes()
    state.rows = {row.safe: row for row in rows}
    client = await vault(state)
    return [await _summary(state, client, row) for row in rows]


async def _summary(state: State, client: "VaultClient", row: SafeRow) -> Json:
    standing: Json | None = None
    failed: CofferError | None = None
    try:
        status = await client.status(row.safe)
        if status.state in ("active", "destroyed"):
            locked = status.state == "active" and status.locked_until is not None
            shown = "paused" if status.paused else "locked" if locked else status.state
            standing = {"state": shown, "guessesLeft": status.guesses_left or 0}
    except CofferError as error:
        if error.code != "safe_unknown":
            failed = error
    return {
        "safe": row.safe.hex(),
        "created": row.created,
        "snapshots": row.snapshots,
        "bytes": row.size,
        "lastSnapshot": row.last_snapshot,
        "vault": standing,
        "vaultError": failed.to_json() if failed else None,
        "passkeys": row.passkeys,
        "unlocked": row.safe in state.unlocked,
        "purgeAfter": row.purge_after,
        "keep": row.keep._asdict() if row.keep else None,
        "expires": row.expires,
        "rehearsal": dict(row.rehearsal) if row.rehearsal else None,
        "reminders": dict(row.reminders),
    }


async def new_key(state: State) -> Json:
    from webapp.engine.safes import NewSafe

    state.new_safe = NewSafe.begin(state.provider)
    return _shown(state.new_safe.key)


def _shown(key: Any) -> Json:
    from webapp.engine.recovery_key import format_digits, key_file

    name, text = key_file(key, site=bridge.js.site(), date=bridge.js.today())
    return {"digits": format_digits(key), "fileName": name, "fileText": text}


async def confirm_new_key(state: State, text: str) -> Json:
    from webapp.engine.recovery_key import parse_digits

    if state.new_safe is None:
        raise SafeLocked
    matches = parse_digits(text).secret == state.new_safe.key.secret
    state.new_safe.digits_proved |= matches
    return {"matches": matches}


async def create_safe(state: State, options: Json) -> Json:
    from webapp.engine.safes import create_safe as create

    if state.new_safe is None:
        await new_key(state)
    new = state.new_safe
    if new is None:
        raise SafeLocked
    client = await vault(state)
    account = await state.known_account()
    opened = await create(state.provider, state.site, client, account, new, options.get("password"))
    state.unlocked[opened.safe] = opened
    state.new_safe = None
    return {"safe": opened.safe.hex()}


async def unlock_with_key(state: State, safe: str, text: str) -> None:
    from webapp.engine.recovery_key import parse_digits, require_key_of_safe
    from webapp.engine.safes import unlock_with_key as unlock

    row = await safe_row(state, safe)
    # Said at once and without any request: a mistyped key is no matter for the network.
    require_key_of_safe(parse_digits(text), row.key_check)
    state.unlocked[row.safe] = await unlock(await vault(state), row, text)
    await _known_again(state, row, "key")


async def unlock_with_password(state: State, safe: str, password: str) -> Json:
    from webapp.engine.safes import unlock_with_password as unlock

    row = await safe_row(state, safe)
    opened = await unlock(await vault(state), row, password)
    state.unlocked[row.safe] = opened
    await _known_again(state, row, "password")
    return {"failuresBefore": opened.failures}


async def _known_again(state: State, row: SafeRow, kind: str) -> None:
    """Whoever has just used it need not be asked whether they know it. Only where the question is due: a schedule that
    every unlock pushed on would soon ask nobody."""
    due = row.reminders.get(kind)
    if due is None or due > datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"):
        return
    try:
        await state.site.answer_reminder(row.safe, kind, "passed")
    except CofferError:
        return


async def safe_row(state: State, safe: str) -> SafeRow:
    """The site's row of a safe, asked for once. Raises safe_missing."""
    identity = bytes.fromhex(safe)
    if identity not in state.rows:
        state.rows = {row.safe: row for row in await state.site.safes()}
    if identity not in state.rows:
        raise CofferError(
            "This account has no such safe.", code="safe_missing", next_step="Go back to your safes and choose one."
        )
    return state.rows[identity]


async def show_key(state: State, safe: str) -> Json:
    return _shown(state.open_safe(safe).key)


async def lock(state: State, safe: str) -> None:
    state.forget(bytes.fromhex(safe))

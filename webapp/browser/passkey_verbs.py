"""Verbs about passkeys: what the page's ceremony needs, and what becomes of what it gives (static/app/passkey/)."""

from typing import TYPE_CHECKING, Any

from vault.wire.encoding import from_text, to_text

from .account_verbs import safe_row, vault
from .state import State

if TYPE_CHECKING:
    from webapp.engine.crypto.secret import Secret

Json = dict[str, Any]


async def passkeys(state: State, safe: str) -> list[Json]:
    return [
        {
            "passkey": row.passkey.hex(),
            "name": row.name,
            "created": row.created,
            "lastUsed": row.last_used,
        }
        for row in await state.site.passkeys(bytes.fromhex(safe))
    ]


async def passkey_ceremony(state: State, safe: str) -> Json:
    from webapp.engine.format.passkey import PRF_INPUT

    row = await safe_row(state, safe)
    credentials = [to_text(each.credential) for each in await state.site.passkeys(row.safe)]
    # The safe's id names the passkey's account: never the one that a passkey for signing in has.
    return {"input": to_text(PRF_INPUT), "user": to_text(row.safe), "credentials": credentials}


async def another_way_proved(state: State, safe: str) -> bool:
    from webapp.engine.passkeys import proved_beside

    return await proved_beside(await vault(state), state.open_safe(safe)) is not None


async def prove_key(state: State, safe: str, text: str) -> None:
    from webapp.engine.passkeys import prove_digits

    prove_digits(state.open_safe(safe), text)


async def prove_password(state: State, safe: str, password: str) -> None:
    from webapp.engine.passkeys import prove_password as prove

    await prove(await vault(state), state.open_safe(safe), password)


async def add_passkey(state: State, safe: str, name: str, credential: str, prf: Any) -> Json:
    from webapp.engine.passkeys import add_passkey as add

    value = _taken(prf)
    opened = state.open_safe(safe)
    account = await state.known_account()
    client = await vault(state)
    passkey = await add(state.provider, state.site, client, account, opened, name, from_text(credential), value)
    return {"passkey": passkey.hex()}


async def unlock_with_passkey(state: State, safe: str, credential: str, prf: Any) -> None:
    from webapp.engine.passkeys import unlock_with_passkey as unlock

    value = _taken(prf)
    row = await safe_row(state, safe)
    account = await state.known_account()
    client = await vault(state)
    state.unlocked[row.safe] = await unlock(
        state.provider, state.site, client, account, row, from_text(credential), value
    )


async def remove_passkey(state: State, safe: str, passkey: str) -> None:
    from webapp.engine.passkeys import remove_passkey as remove

    opened = state.open_safe(safe)
    account = await state.known_account()
    await remove(state.provider, state.site, await vault(state), account, opened, bytes.fromhex(passkey))


def _taken(prf: Any) -> "Secret":
    """The PRF value, taken out of the browser's array, which is wiped at once."""
    from webapp.engine.crypto.secret import Secret

    value = Secret(prf.to_bytes())
    prf.fill(0)
    return value

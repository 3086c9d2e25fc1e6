"""Verbs about what opens a safe, and about its end: digits, password, trash, deletion."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from webapp.engine.ports import Reporter

from .account_verbs import vault
from .state import State

if TYPE_CHECKING:
    from vault.wire.messages import Status

Json = dict[str, Any]


async def protectors(state: State, safe: str) -> Json:
    from webapp.engine.safes import Protector, standing

    opened = state.open_safe(safe)
    status = await standing(await vault(state), opened.safe)
    return {
        "digits": True,
        "digitsProved": Protector.DIGITS in opened.proved,
        "vault": None if status is None or status.state in ("none", "pending") else _password(status),
        "passkeys": len(await state.site.passkeys(opened.safe)),
    }


def _password(status: "Status") -> Json:
    locked = _time(status.locked_until)
    return {
        "state": status.state,
        "guessesLeft": status.guesses_left or 0,
        "lockedUntil": locked,
        "staged": status.staged is not None,
        "created": _time(status.created),
    }


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def change_password(state: State, safe: str, password: str, report: Reporter) -> None:
    from webapp.engine.protectors import change_password as change

    await change(await vault(state), state.open_safe(safe), password, report)


async def add_password(state: State, safe: str, password: str, report: Reporter) -> None:
    from webapp.engine.protectors import add_password as add

    await add(await vault(state), state.open_safe(safe), password, report)


async def remove_password(state: State, safe: str) -> None:
    from webapp.engine.protectors import remove_password as remove

    await remove(await vault(state), state.open_safe(safe))


async def delete_safe(state: State, safe: str) -> None:
    from webapp.engine.safes import delete_safe as delete

    opened = state.open_safe(safe)
    await delete(state.provider, state.site, await vault(state), await state.known_account(), opened)
    state.forget(opened.safe)


async def trash_safe(state: State, safe: str) -> Json:
    return {"purgeAfter": await state.site.trash_safe(bytes.fromhex(safe))}


async def untrash_safe(state: State, safe: str) -> None:
    await state.site.untrash_safe(bytes.fromhex(safe))

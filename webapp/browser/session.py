"""Answers the page's verbs (static/app/engine/contract.ts): arguments in, JSON or one browser object out.

Every failure becomes {code, message, next, data}. An error nobody foresaw is named by its type alone, since its text
could hold anything.
"""

import json
import random
import time
import traceback
from typing import Any

from pyodide.ffi import JsProxy, jsnull

from vault.wire.encoding import from_text
from webapp.engine.errors import Cancelled, CofferError
from webapp.engine.ports import Progress

from . import (
    account_verbs,
    activity_verbs,
    archive_verbs,
    backup_verbs,
    bridge,
    container_verbs,
    export_verbs,
    life_verbs,
    passkey_verbs,
    protector_verbs,
    reading_verbs,
)
from .http import cancellable
from .state import Pins, State

QUICK = {
    "me": account_verbs.me,
    "safes": account_verbs.safes,
    "newKey": account_verbs.new_key,
    "confirmNewKey": account_verbs.confirm_new_key,
    "createSafe": account_verbs.create_safe,
    "unlockWithKey": account_verbs.unlock_with_key,
    "unlockWithPassword": account_verbs.unlock_with_password,
    "passkeys": passkey_verbs.passkeys,
    "passkeyCeremony": passkey_verbs.passkey_ceremony,
    "anotherWayProved": passkey_verbs.another_way_proved,
    "proveKey": passkey_verbs.prove_key,
    "provePassword": passkey_verbs.prove_password,
    "addPasskey": passkey_verbs.add_passkey,
    "unlockWithPasskey": passkey_verbs.unlock_with_passkey,
    "removePasskey": passkey_verbs.remove_passkey,
    "showKey": account_verbs.show_key,
    "lock": account_verbs.lock,
    "protectors": protector_verbs.protectors,
    "removePassword": protector_verbs.remove_password,
    "deleteSafe": protector_verbs.delete_safe,
    "trashSafe": protector_verbs.trash_safe,
    "untrashSafe": protector_verbs.untrash_safe,
    "activity": activity_verbs.activity,
    "standing": reading_verbs.standing,
    "trashSnapshot": life_verbs.trash_snapshot,
    "untrashSnapshot": life_verbs.untrash_snapshot,
    "previewKeep": life_verbs.preview_keep,
    "setKeep": life_verbs.set_keep,
    "keepSafe": life_verbs.keep_safe,
    "answerReminder": life_verbs.answer_reminder,
    "useFolder": life_verbs.use_folder,
    "sample": backup_verbs.sample,
    "forget": backup_verbs.forget,
    "openInspected": reading_verbs.open_inspected,
    "snapshots": reading_verbs.snapshots,
    "chats": archive_verbs.chats,
    "messages": archive_verbs.messages,
    "placeAt": archive_verbs.place_at,
    "placeOf": archive_verbs.place_of,
    "find": archive_verbs.find,
    "gallery": archive_verbs.gallery,
    "participants": archive_verbs.participants,
    "statistics": archive_verbs.statistics,
    "origins": archive_verbs.origins,
    "unknown": archive_verbs.unknown,
    "thumbnail": archive_verbs.thumbnail,
    "media": reading_verbs.media,
    "exportExtent": export_verbs.export_extent,
}
# These report progress and can be cancelled.
LONG = {
    "changePassword": protector_verbs.change_password,
    "addPassword": protector_verbs.add_password,
    "inspect": backup_verbs.inspect,
    "backup": backup_verbs.backup,
    "rehearse": life_verbs.rehearse,
    "openSnapshot": reading_verbs.open_snapshot,
    "prepareSearch": archive_verbs.prepare_search,
    "download": reading_verbs.download,
    "saveContainer": container_verbs.save_container,
    "openContainer": container_verbs.open_container,
    "exportChats": export_verbs.export_chats,
}
_state: State


BETWEEN_REPORTS = 0.2
"""Seconds. The page draws every report, beside the work that it tells of."""


class PageReporter:
    """The `Reporter` port: progress to the page, and the page's cancel flag."""

    def __init__(self, on_progress: Any | None) -> None:
        self._on_progress = on_progress
        self._stage = ""
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        passing = progress.stage == self._stage and progress.done != progress.total
        if self._on_progress is not None and not (passing and now - self._told < BETWEEN_REPORTS):
            self._stage, self._told = progress.stage, now
            value = {
                "stage": progress.stage,
                "done": progress.done,
                "total": progress.total,
                "details": dict(progress.details),
            }
            self._on_progress(json.dumps(value))

    def check(self) -> None:
        if bridge.js.cancelled():
            raise Cancelled


def start(pins: str, js: Any) -> None:
    """Called once when the worker has booted. pins: JSON with the vault's two public keys; js: the bridge."""
    global _state
    # A page that begins from the picture of a started interpreter would otherwise share its state.
    random.seed()
    bridge.connect(js)
    keys = json.loads(pins)
    _state = State(Pins(from_text(keys["opaque_public_key"], 32), from_text(keys["signing_public_key"], 32)))


def _plain(argument: Any) -> Any:
    """A JavaScript argument as Python takes it: null is None; files and streams stay what they are, in lists too."""
    if argument is jsnull:
        return None
    if isinstance(argument, JsProxy):
        kind = argument.constructor.name if argument.typeof == "object" else ""
        if kind == "Array":
            return [_plain(item) for item in argument]
        if kind == "Object":
            return {name: _plain(value) for name, value in argument.object_entries()}
    return argument


async def call(name: str, arguments: Any, on_progress: Any | None = None) -> Any:
    """One verb → [JSON of {ok, value} or {ok, error}, a browser object or None]."""
    values = [_plain(argument) for argument in arguments]
    # Every call runs as a task of its own, so this holds for it and for what it starts, and for nothing else.
    cancellable.set(name in LONG)
    try:
        if name in LONG:
            value = await LONG[name](_state, *values, PageReporter(on_progress))  # type: ignore[operator]
        else:
            value = await QUICK[name](_state, *values)
    except CofferError as error:
        return _answer({"ok": False, "error": error.to_json()})
    except Exception as error:  # noqa: BLE001 - the page must always get an answer
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        unforeseen = CofferError(data={"type": type(error).__name__, "at": places[-6:]})
        return _answer({"ok": False, "error": unforeseen.to_json()})
    if isinstance(value, JsProxy):
        return _answer({"ok": True}, value)
    return _answer({"ok": True, "value": value})


def _answer(answer: dict[str, Any], thing: Any | None = None) -> Any:
    from pyodide.ffi import to_js

    return to_js([json.dumps(answer), thing])

"""Verbs about what happened to a safe's passwords. They need the session and not the key."""

from typing import Any

from . import bridge
from .account_verbs import vault
from .state import State

Json = dict[str, Any]


async def activity(state: State, safe: str) -> Json:
    from webapp.engine.activity import activity as fetch

    found = await fetch(state.provider, await vault(state), bytes.fromhex(safe))
    return {
        "state": found.state,
        "failures": found.failures,
        "lastUnlock": found.last_unlock,
        "happenings": [
            {
                "version": happening.version,
                "number": happening.number,
                "what": happening.what,
                "at": happening.at,
                "guessesLeft": happening.guesses_left,
                "attempt": happening.attempt,
            }
            for happening in found.happenings
        ],
        "file": {"name": f"coffer-activity-{bridge.js.today()}.json", "text": found.file.text()},
    }

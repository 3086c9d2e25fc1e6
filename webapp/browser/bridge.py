"""The JavaScript half (static/app/engine/bridge.ts), handed over by the worker when it starts.

It arrives late, and is not imported, so that these modules can be part of the picture of a started interpreter.
"""

from typing import Any

js: Any = None


def connect(bridge: Any) -> None:
    """Called once, before any verb."""
    global js
    js = bridge

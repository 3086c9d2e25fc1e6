"""How bytes cross into JavaScript."""

from typing import Any

from pyodide.ffi import to_js


def crossing(data: Any) -> Any:
    """Data as JavaScript takes it: bytes are copied over, arrays are already there."""
    return to_js(data) if isinstance(data, (bytes, bytearray, memoryview)) else data

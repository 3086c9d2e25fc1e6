"""How a request or reply becomes JSON and back: a frozen dataclass whose fields state their exact form.

The same form says itself as JSON Schema; the API's description (vault/server/openapi.py) is made of that.

Reading is strict: every field present, none unknown, none twice, exact lengths, one spelling a value.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial
from typing import Any, Self, cast

from .encoding import EncodingError, from_text, to_text
from .errors import ErrorCode, VaultError

_FORM = "coffer"
_LABEL = re.compile(r"[a-z][a-z_]*")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00")


@dataclass(frozen=True, slots=True)
class Form:
    """How one field is written to and read from JSON. `read` raises EncodingError. schema: the same, as JSON Schema."""

    write: Callable[[Any], object]
    read: Callable[[object], Any]
    schema: Callable[[], dict[str, object]]


def _read_id(value: object, length: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * length or value != value.lower():
        raise EncodingError("not an id in lower-case hex")
    try:
        return bytes.fromhex(value)
    except ValueError as error:
        raise EncodingError("not hex") from error


def _read_binary(value: object, length: int) -> bytes:
    if not isinstance(value, str):
        raise EncodingError("not text")
    return from_text(value, length)


def _read_number(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise EncodingError("not a number in range")
    return value


def _read_text(value: object, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise EncodingError("not one of the words allowed")
    return value


def _read_label(value: object, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or not _LABEL.fullmatch(value):
        raise EncodingError("not a name")
    return value


def _read_moment(value: object) -> str:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise EncodingError("not a time")
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise EncodingError("not a time") from error
    return value


def _read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise EncodingError("neither true nor false")
    return value


def _read_many(value: object, kind: "type[Message]", most: int) -> "tuple[Message, ...]":
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, dict) for item in value):
        raise EncodingError("not a list of objects")
    try:
        return tuple(kind.from_json(item) for item in value)
    except VaultError as error:
        raise EncodingError("an item of the list has another form") from error


def _or_none(form: Form) -> Form:
    return Form(
        lambda value: None if value is None else form.write(value),
        lambda value: None if value is None else form.read(value),
        lambda: {**form.schema(), "type": [form.schema()["type"], "null"]},
    )


def _schema_of_id(length: int) -> dict[str, object]:
    return {
        "type": "string",
        "pattern": f"^[0-9a-f]{{{2 * length}}}$",
        "description": f"{length} bytes, lower-case hex",
    }


def _schema_of_binary(length: int) -> dict[str, object]:
    # The last letter of a canonical spelling has no spare bit set.
    letters, last = divmod(length * 8, 6)
    ending = {0: "", 2: "[AQgw]", 4: "[AEIMQUYcgkosw048]"}[last]
    pattern = f"^[A-Za-z0-9_-]{{{letters}}}{ending}$"
    return {"type": "string", "pattern": pattern, "description": f"{length} bytes, base64url without padding"}


def _schema_of_number(low: int, high: int) -> dict[str, object]:
    return {"type": "integer", "minimum": low, "maximum": high}


def _schema_of_word(allowed: tuple[str, ...]) -> dict[str, object]:
    return {"type": "string", "enum": list(allowed)}


def _schema_of_label(most: int) -> dict[str, object]:
    return {"type": "string", "maxLength": most, "pattern": f"^{_LABEL.pattern}$"}


def _schema_of_moment() -> dict[str, object]:
    return {"type": "string", "pattern": f"^{_MOMENT.pattern}$", "description": "UTC, to the microsecond"}


def _field(form: Form, *, optional: bool) -> Any:
    return field(metadata={_FORM: _or_none(form) if optional else form})


def hex_bytes(length: int, *, optional: bool = False) -> Any:
    """Ids and digests: `length` bytes, lower-case hex."""
    return _field(
        Form(bytes.hex, lambda value: _read_id(value, length), partial(_schema_of_id, length)), optional=optional
    )


def binary(length: int, *, optional: bool = False) -> Any:
    """Other binary: exactly `length` bytes, base64url without padding."""
    return _field(
        Form(to_text, lambda value: _read_binary(value, length), partial(_schema_of_binary, length)), optional=optional
    )


def number(low: int, high: int, *, optional: bool = False) -> Any:
    """A whole number from low to high, both included."""
    return _field(
        Form(int, lambda value: _read_number(value, low, high), partial(_schema_of_number, low, high)),
        optional=optional,
    )


def label(most: int) -> Any:
    """A name of lower-case letters and underscores, up to `most` of them: one that later versions may add to."""
    return _field(Form(str, lambda value: _read_label(value, most), partial(_schema_of_label, most)), optional=False)


def moment() -> Any:
    """A time in UTC to the microsecond, in its one spelling: 2026-11-24T08:00:00.000000+00:00."""
    return _field(Form(str, _read_moment, _schema_of_moment), optional=False)


def flag() -> Any:
    """true or false."""
    return _field(Form(bool, _read_flag, lambda: {"type": "boolean"}), optional=False)


def many(kind: "type[Message]", most: int) -> Any:
    """A list of at most `most` messages of one kind."""
    return _field(
        Form(
            lambda value: [item.to_json() for item in value],
            lambda value: _read_many(value, kind, most),
            lambda: {"type": "array", "maxItems": most, "items": kind.json_schema()},
        ),
        optional=False,
    )


def word(*allowed: str) -> Any:
    """One of a few words."""
    return _field(
        Form(str, lambda value: _read_text(value, allowed), partial(_schema_of_word, allowed)), optional=False
    )


class Message:
    """Base of all requests and replies. Its repr names the fields and shows no value."""

    __slots__ = ()

    def to_json(self) -> dict[str, object]:
        """The JSON object, every value in its wire form."""
        return {item.name: item.metadata[_FORM].write(getattr(self, item.name)) for item in _fields(self)}

    def to_bytes(self) -> bytes:
        """The JSON object as UTF-8."""
        return json.dumps(self.to_json(), separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Self:
        """Raises VaultError(malformed) for a missing or unknown field or a value that is not exactly right."""
        declared = {item.name: item.metadata[_FORM] for item in _fields(cls)}
        if value.keys() != declared.keys():
            raise VaultError(ErrorCode.MALFORMED)
        try:
            return cls(**{name: form.read(value[name]) for name, form in declared.items()})
        except EncodingError as error:
            raise VaultError(ErrorCode.MALFORMED) from error

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """UTF-8 JSON → message. Raises VaultError(malformed)."""
        return cls.from_json(read_object(body))

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """The message as JSON Schema (2020-12): every field required, none besides."""
        properties = {item.name: item.metadata[_FORM].schema() for item in _fields(cls)}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(item.name for item in _fields(self))})"


def _fields(message: object) -> Any:
    return fields(cast(Any, message))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a field appears twice")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def read_object(body: bytes) -> dict[str, object]:
    """UTF-8 JSON of one object, no name twice, no NaN. Raises VaultError(malformed)."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise VaultError(ErrorCode.MALFORMED) from error
    if not isinstance(value, dict):
        raise VaultError(ErrorCode.MALFORMED)
    return value

"""The wire format of protocol buffers, as far as reading other people's files needs it. No schema, no recursion.

Source: protobuf.dev, "Encoding". Groups (wire types 3 and 4) are refused: nothing we read has them.
"""

from collections.abc import Iterator

LONGEST_VARINT = 10
"""Bytes of a 64-bit number."""

Value = int | bytes


class NotProtobuf(ValueError):
    """The bytes do not follow the wire format."""


def varint(data: bytes, offset: int) -> tuple[int, int]:
    """(number, offset behind it). Raises NotProtobuf."""
    number = 0
    for index in range(LONGEST_VARINT):
        if offset + index >= len(data):
            raise NotProtobuf("a number is cut off")
        byte = data[offset + index]
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            if number >= 1 << 64:
                break
            return number, offset + index + 1
    raise NotProtobuf("a number is too long")


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """(field number, value) in order: numbers as int, everything with a length as bytes. Raises NotProtobuf."""
    offset = 0
    while offset < len(data):
        tag, offset = varint(data, offset)
        field, wire = tag >> 3, tag & 7
        if field == 0:
            raise NotProtobuf("field 0")
        if wire == 0:
            value, offset = varint(data, offset)
            yield field, value
            continue
        if wire == 2:
            length, offset = varint(data, offset)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise NotProtobuf("an unknown wire type")
        if length > len(data) - offset:
            raise NotProtobuf("a field is cut off")
        yield field, data[offset : offset + length]
        offset += length


def message(data: bytes) -> dict[int, list[Value]]:
    """All fields by number, each with its values in order. Raises NotProtobuf."""
    found: dict[int, list[Value]] = {}
    for field, value in fields(data):
        found.setdefault(field, []).append(value)
    return found


def number(found: dict[int, list[Value]], field: int) -> int | None:
    """The last number of that field: the last one wins. None where there is none."""
    values = [value for value in found.get(field, ()) if isinstance(value, int)]
    return values[-1] if values else None


def blob(found: dict[int, list[Value]], field: int) -> bytes | None:
    """The last bytes of that field, None where there are none."""
    values = [value for value in found.get(field, ()) if isinstance(value, bytes)]
    return values[-1] if values else None

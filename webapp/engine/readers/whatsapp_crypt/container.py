"""The header of an encrypted file: which kind it is, which key it needs, and where its ciphertext lies.

    crypt14, crypt15 = varint L ‖ BackupPrefix (L bytes) ‖ ciphertext ‖ tag 16 ‖ usually MD5 16
    crypt12          = 00 01 ‖ key version 1 ‖ server salt 32 ‖ googleId 16 ‖ IV 16 ‖ ciphertext ‖ tag 16 ‖ MD5 16 ‖
                       two dashes and the last two digits of the phone number
    mcrypt1          = ciphertext ‖ tag 16; nothing but its name tells

The MD5 is over everything in front of it. BackupPrefix: 1 = key type, 2 = crypt14's salts and IV, 3 = crypt15's IV,
4 = about the phone, 5 = passkey, 6 = newer key type (2 password, 3 digits, 4 passkey).
"""

import re
from dataclasses import dataclass
from typing import Literal

from webapp.engine.ports import Source
from webapp.engine.readers import protobuf
from webapp.engine.readers.protobuf import NotProtobuf, Value
from webapp.engine.readers.whatsapp_crypt.errors import BackupHeaderDamaged, BackupNotByDigits

Kind = Literal["crypt12", "crypt14", "crypt15", "mcrypt1"]

IV_BYTES = 16
TAG_BYTES = 16
MD5_BYTES = 16
LONGEST_PREFIX = 1 << 16
_CRYPT12_HEADER = 67
_CRYPT12_FOOTER = re.compile(rb"--\d\d\Z")
_MCRYPT1_NAME = re.compile(r"([0-9a-f]{32,128})\.mcrypt1", re.IGNORECASE)
_PASSWORD, _PASSKEY = 2, 4


@dataclass(frozen=True, slots=True)
class Container:
    """An encrypted file. `start` is where the ciphertext begins; `ends` are the places where its tag may end, the
    likeliest first; `digest_end` is where the MD5 over the bytes before it would lie."""

    kind: Kind
    start: int
    iv: bytes
    ends: tuple[int, ...]
    digest_end: int | None = None
    key_version: bytes = b""
    server_salt: bytes = b""
    google_id: bytes = b""


def container_of(source: Source) -> Container | None:
    """The container that a file is, by its first bytes; None for anything else.

    Raises BackupNotByDigits, and BackupHeaderDamaged where the header is cut off or has no IV.
    """
    named = _MCRYPT1_NAME.fullmatch(source.name.rpartition("/")[2])
    if named and len(named[1]) % 2 == 0 and source.size > TAG_BYTES:
        return Container("mcrypt1", 0, b"", (source.size,))
    head = source.read(0, min(source.size, 16))
    if re.match(rb"\x00\x01[\x01-\x09]", head):
        return _crypt12(source)
    return _with_prefix(source, head)


def _crypt12(source: Source) -> Container | None:
    if source.size < _CRYPT12_HEADER + TAG_BYTES + MD5_BYTES + 4:
        return None
    head = source.read(0, _CRYPT12_HEADER)
    # A file that was cut off has lost its footer; its tag is looked for all the same, to say so.
    footer = 4 if _CRYPT12_FOOTER.search(source.read(source.size - 4, 4)) else 0
    tag_end = source.size - footer - MD5_BYTES
    return Container("crypt12", _CRYPT12_HEADER, head[51:67], (tag_end,), tag_end, head[2:3], head[3:35], head[35:51])


def _with_prefix(source: Source, head: bytes) -> Container | None:
    try:
        length, offset = protobuf.varint(head, 0)
    except NotProtobuf:
        return None
    if not 0 < length <= LONGEST_PREFIX:
        return None
    # Files of one older tool have a byte 01 behind a length of one byte.
    for start in (offset, offset + 1) if length < 0x80 and head[1:2] == b"\x01" else (offset,):
        container = _parsed(source, start, length)
        if container is not None:
            return container
    return None


def _parsed(source: Source, start: int, length: int) -> Container | None:
    prefix = source.read(start, min(length, max(0, source.size - start)))
    whole = len(prefix) == length
    try:
        found = protobuf.message(prefix)
    except NotProtobuf:
        # A header that begins like one and then breaks off or was changed still deserves its own sentence.
        if _begins_like_one(prefix):
            raise BackupHeaderDamaged(source.name) from None
        return None
    if not _begins_like_one(prefix) or not set(found) <= set(range(1, 16)):
        return None
    if not whole or source.size < start + length + TAG_BYTES:
        raise BackupHeaderDamaged(source.name)
    _refuse_other_protection(source, found)
    body = start + length
    ends = (source.size - MD5_BYTES, source.size) if source.size >= body + TAG_BYTES + MD5_BYTES else (source.size,)
    digest_end = source.size - MD5_BYTES if len(ends) == 2 else None
    for field in (3, 2):
        described = protobuf.blob(found, field)
        if described is None:
            continue
        try:
            inner = protobuf.message(described)
        except NotProtobuf:
            break
        iv = protobuf.blob(inner, 1 if field == 3 else 5) or b""
        if len(iv) != IV_BYTES:
            break
        if field == 3:
            return Container("crypt15", body, iv, ends, digest_end)
        version = protobuf.blob(inner, 2) or b""
        number = bytes([int(version)]) if version.isdigit() and int(version) < 256 else b""
        salts = protobuf.blob(inner, 3) or b"", protobuf.blob(inner, 4) or b""
        return Container("crypt14", body, iv, ends, digest_end, number, *salts)
    raise BackupHeaderDamaged(source.name)


def _begins_like_one(prefix: bytes) -> bool:
    """Key type 0 or 1, then the crypt14 or crypt15 part with lengths that fit each other; or just that part."""
    return re.match(
        rb"(\x08[\x00-\x0f])?(\x1a[\x12-\x40]\x0a\x10|\x12[\x12-\x7f]\x0a\x02\x00)", prefix
    ) is not None or (re.match(rb"\x08[\x00-\x0f](\x22|\x2a|\x30)", prefix) is not None and len(prefix) > IV_BYTES)


def _refuse_other_protection(source: Source, found: dict[int, list[Value]]) -> None:
    kind = protobuf.number(found, 6)
    if kind == _PASSKEY or (kind is None and protobuf.blob(found, 5) and not protobuf.blob(found, 3)):
        raise BackupNotByDigits(source.name, "passkey")
    if kind == _PASSWORD:
        raise BackupNotByDigits(source.name, "password")

"""The names of a zip's members, in whatever encoding the program that made it used.

A zip says only whether a name is UTF-8. Where it does not: an Info-ZIP field may hold the UTF-8 name beside it; many
programs write UTF-8 without saying so; Japanese Windows writes Shift-JIS; everything else is read as CP437, as the
format says (APPNOTE.TXT, appendix D). One zip is made by one program, so all its names are judged together.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_KANA = re.compile(r"[\u3040-\u30ff]")
_LONE = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
_HALF_WIDTH = re.compile(r"[\uff61-\uff9f]")


def decoded_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names in order; `zipfile` has read those without the UTF-8 flag as CP437."""
    raw = {
        index: info.orig_filename.encode("cp437")
        for index, info in enumerate(infos)
        if not info.flag_bits & _UTF8_FLAG and not info.orig_filename.isascii()
    }
    encoding = _encoding_of(list(raw.values())) if raw else "cp437"
    names = [info.orig_filename for info in infos]
    for index, name in raw.items():
        names[index] = _unicode_path(infos[index].extra, name) or name.decode(encoding, "replace")
    return names


def _encoding_of(names: Sequence[bytes]) -> str:
    # Real CP437 names are hardly ever valid UTF-8 by chance.
    if _all_decode(names, "utf-8") is not None:
        return "utf-8"
    japanese = _all_decode(names, "cp932")
    if japanese and _KANA.search(japanese) and not _HALF_WIDTH.search(japanese) and not _LONE.search(japanese):
        return "cp932"
    return "cp437"


def _all_decode(names: Sequence[bytes], encoding: str) -> str | None:
    try:
        return "\n".join(name.decode(encoding) for name in names)
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, name: bytes) -> str:
    """Info-ZIP's UTF-8 name, if it belongs to this very name."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body = extra[4 : 4 + length]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            (checksum,) = struct.unpack_from("<I", body, 1)
            try:
                return body[5:].decode("utf-8") if checksum == zlib.crc32(name) else ""
            except UnicodeDecodeError:
                return ""
        extra = extra[4 + length :]
    return ""

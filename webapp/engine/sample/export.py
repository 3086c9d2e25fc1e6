"""The sample chat as the zip that an Android phone's “Export chat” with media makes."""

import io
import re
import zipfile
from collections.abc import Callable

from webapp.engine.sample.attachments import music_box, packing_list
from webapp.engine.sample.pictures import PICTURES
from webapp.engine.sample.story import ENTRY, STORY

_LINE = re.compile(r"(\d\d)/(\d\d) (\d\d:\d\d) (.*)")
_ATTACHMENT = re.compile(r"\{(\w+)\}")
# What the phone would call each kind of file; %s is the date, %d the count of media that day.
_NAMES: dict[str, str] = {"packing_list": "Packing list.pdf", "song": "PTT-%s-WA%04d.wav"}
_PICTURE_NAME = "IMG-%s-WA%04d.png"
_MAKERS: dict[str, Callable[[], bytes]] = {**PICTURES, "packing_list": packing_list, "song": music_box}


def sample_export(now_year: int = 2026) -> tuple[str, bytes]:
    """(file name, zip bytes) of a chat that took place in May and June of `now_year`."""
    text, attachments = _transcript(now_year)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, f"WhatsApp Chat with {ENTRY}.txt", text.encode("utf-8"), now_year)
        for name, key in attachments:
            _add(archive, name, _MAKERS[key](), now_year)
    return f"WhatsApp Chat with {ENTRY}.zip", file.getvalue()


def _transcript(year: int) -> tuple[str, list[tuple[str, str]]]:
    """The text file, and for each attachment its file name and key."""
    lines: list[str] = []
    attachments: list[tuple[str, str]] = []
    for line in STORY.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            lines.append(line.removeprefix("|"))
            continue
        day, month, time, rest = match.groups()
        key = _ATTACHMENT.search(rest)
        if key is not None:
            template = _NAMES.get(key[1], _PICTURE_NAME)
            name = template % (f"{year}{month}{day}", len(attachments)) if "%" in template else template
            attachments.append((name, key[1]))
            rest = rest.replace(key[0], f"\u200e{name} (file attached)")
        lines.append(f"{day}/{month}/{year}, {time} - {rest}")
    return "\n".join(lines) + "\n", attachments


def _add(archive: zipfile.ZipFile, name: str, data: bytes, year: int) -> None:
    """One member with a fixed date, so that the same year gives the same bytes."""
    member = zipfile.ZipInfo(name, (year, 6, 15, 9, 30, 0))
    member.create_system = 3
    member.external_attr = 0o644 << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, data, compresslevel=6)

"""Chat exports as phones write them, with invented people, and words in them that occur nowhere else."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

# Found anywhere on the server, one of these would be plaintext.
SECRET_WORDS = ("Quillfeather", "xylotomous", "Brindlemoor", "snollygoster")


def png(width: int, height: int, red: int, green: int, blue: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\x00" + bytes([red, green, blue]) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@dataclass(frozen=True)
class Export:
    """A written export: its zip, and what a reader must find in it."""

    path: Path
    content: bytes
    messages: int
    media: int


def android(folder: Path) -> Export:
    """`WhatsApp Chat with ….txt`, AM/PM-free dates, pictures beside it."""
    lines = [
        "04/11/2026, 09:12 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        "04/11/2026, 09:13 - Ada Quillfeather: The boat leaves from Brindlemoor at eight.",
        "04/11/2026, 09:14 - Tom: IMG-20261104-WA0001.png (file attached)\nour harbour",
        "04/11/2026, 09:15 - Ada Quillfeather: How xylotomous of that beetle!\nSecond line 🙂",
        "05/11/2026, 20:01 - Tom: IMG-20261105-WA0002.png (file attached)",
        "13/11/2026, 20:02 - Tom: snollygoster",
    ]
    pictures = {
        "IMG-20261104-WA0001.png": png(320, 200, 30, 110, 190),
        "IMG-20261105-WA0002.png": png(200, 300, 200, 90, 40),
    }
    return _write(
        folder / "WhatsApp Chat with Ada Quillfeather.zip",
        "WhatsApp Chat with Ada Quillfeather.txt",
        lines,
        pictures,
        "\n",
    )


def ios(folder: Path) -> Export:
    """`_chat.txt`, brackets, seconds, CRLF, left-to-right marks before attachments."""
    lines = [
        "[04.11.26, 09:12:01] Brindlemoor crew: \u200eMessages and calls are end-to-end encrypted.",
        "[04.11.26, 09:13:02] Ada Quillfeather: Who is on deck?",
        "\u200e[04.11.26, 09:14:03] Tom: \u200e<attached: 00000003-PHOTO-2026-11-04-09-14-03.png>",
        "[05.11.26, 09:15:04] Mai: كيف الحال؟ xylotomous",
        "[13.11.26, 21:15:05] Tom: 元気です snollygoster",
    ]
    pictures = {"00000003-PHOTO-2026-11-04-09-14-03.png": png(400, 240, 20, 140, 90)}
    return _write(folder / "WhatsApp Chat - Brindlemoor crew.zip", "_chat.txt", lines, pictures, "\r\n")


def _write(path: Path, text_name: str, lines: list[str], pictures: dict[str, bytes], end: str) -> Export:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(text_name, (2026, 11, 14, 8, 0, 0)), end.join(lines) + end)
        for name, content in pictures.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 14, 8, 0, 0)), content)
    path.write_bytes(target.getvalue())
    return Export(path, target.getvalue(), len(lines), len(pictures))

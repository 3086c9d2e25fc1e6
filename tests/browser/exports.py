"""Chat exports as phones write them, with invented people, and words in them that occur nowhere else."""

import hashlib
import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

# Found anywhere on the server, one of these would be plaintext.
SECRET_WORDS = ("Quillfeather", "xylotomous", "Brindlemoor", "snollygoster")
SECRET_PICTURE = "Brindlemoor harbour.png"


def png(width: int, height: int, red: int, green: int, blue: int) -> bytes:
    """A picture of one colour."""
    row = b"\x00" + bytes([red, green, blue]) * width
    return _png(width, height, zlib.compress(row * height))


def _png(width: int, height: int, pixels: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def noise(width: int, height: int) -> bytes:
    """A picture that no compression shrinks, so that any copy of it holds its bytes as they are."""
    row_bytes = 1 + 3 * width
    pixels = bytearray(hashlib.shake_256(b"coffer test picture").digest(row_bytes * height))
    pixels[::row_bytes] = bytes(height)
    return _png(width, height, zlib.compress(pixels))


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


def secretive(folder: Path) -> Export:
    """An export whose every name, word and picture can be recognised anywhere: title, sender, text, file names."""
    lines = [
        "04/11/2026, 09:13 - Ada Quillfeather: The boat leaves from Brindlemoor at eight.",
        f"04/11/2026, 09:14 - Tom Snollygoster: {SECRET_PICTURE} (file attached)",
        "04/11/2026, 09:15 - Ada Quillfeather: How xylotomous of that beetle! 元気ですか、灯台守",
        "13/11/2026, 20:02 - Tom Snollygoster: snollygoster",
    ]
    return _write(
        folder / "WhatsApp Chat with Ada Quillfeather.zip",
        "WhatsApp Chat with Ada Quillfeather.txt",
        lines,
        {SECRET_PICTURE: noise(120, 90)},
        "\n",
    )


def heavy(folder: Path, megabytes: int) -> Export:
    """An export with one video's worth of bytes that no compression shrinks: several uploads long."""
    video = random.Random(megabytes).randbytes(megabytes * 1024 * 1024)
    lines = [
        "04/11/2026, 09:13 - Ada Quillfeather: Here is the whole crossing.",
        "04/11/2026, 09:14 - Tom: VID-20261104-WA0003.mp4 (file attached)",
        "13/11/2026, 20:02 - Tom: Thanks!",
    ]
    return _write(
        folder / "WhatsApp Chat with Harbour.zip",
        "WhatsApp Chat with Harbour.txt",
        lines,
        {"VID-20261104-WA0003.mp4": video},
        "\n",
        method=zipfile.ZIP_STORED,
    )


def _write(
    path: Path, text_name: str, lines: list[str], media: dict[str, bytes], end: str, method: int = zipfile.ZIP_DEFLATED
) -> Export:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(_entry(text_name), end.join(lines) + end, method)
        for name, content in media.items():
            archive.writestr(_entry(name), content, method)
    path.write_bytes(target.getvalue())
    return Export(path, target.getvalue(), len(lines), len(media))


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (2026, 11, 14, 8, 0, 0))

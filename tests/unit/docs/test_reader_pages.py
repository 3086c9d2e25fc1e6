"""Each reader's page says what it reads, how large, and what it does not yet; the sizes are those of the code."""

import re
from pathlib import Path

import pytest

from webapp.cli.file_cipher import NativeFileCipher
from webapp.engine.local_media import LARGEST_MEMBER
from webapp.engine.readers import json_stream, nested_zips
from webapp.engine.readers.foreign_database import LARGEST_DATABASE, LARGEST_LOG
from webapp.engine.readers.signal import reader as signal
from webapp.engine.readers.signal import tables
from webapp.engine.readers.whatsapp_text.reader import LARGEST_TEXT
from webapp.engine.zip_index import ZipLimits

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs" / "readers").glob("*.md"))
BROWSER = (ROOT / "webapp" / "browser" / "files.py").read_text()
MIB, GIB = 1 << 20, 1 << 30


def sections_of(page: Path) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def size(count: int) -> str:
    """As the pages write sizes."""
    if count >= 1 << 40:
        return f"{count >> 40} TiB"
    return f"{count // GIB} GiB" if count % GIB == 0 else f"{count // MIB:,} MiB"


SIZES = {
    "ios": [size(LARGEST_DATABASE), size(LARGEST_LOG)],
    "signal": [size(tables.LARGEST), size(signal.LARGEST_IN_ZIP)],
    "telegram": [f"{json_stream.LARGEST_VALUE // MIB} Mi characters"],
    "whatsapp-android": [
        size(LARGEST_DATABASE), size(LARGEST_LOG), size(NativeFileCipher.limit_unpacked),
        size(nested_zips.LARGEST_INNER), size(int(re.findall(r"LARGEST_DATABASE = (\d+) << 20", BROWSER)[0]) * MIB),
    ],
    "whatsapp-text": [size(LARGEST_TEXT)],
    "zips": [size(ZipLimits().total), f"{ZipLimits().members:,} files", size(LARGEST_MEMBER)],
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_is_read_how_large_and_what_not_yet(page: Path) -> None:
    sections = sections_of(page)
    assert [name for name in ("What it reads", "How large", "Not yet") if not sections.get(name, "").strip()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_sizes_are_those_of_the_code(page: Path) -> None:
    said = " ".join(sections_of(page)["How large"].split())
    assert [wanted for wanted in SIZES[page.stem] if wanted not in said] == []

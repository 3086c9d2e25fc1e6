"""A real iPhone's ChatStorage, where it is at hand: `../shared/corpus` beside the project."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource, tell
from webapp.engine.readers.details import Place, Quote, Reaction
from webapp.engine.readers.events import Kind

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "abrignoni+iLEAPP"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpus is not beside the project")


def test_a_real_storage_meets_the_rows_of_another_tool() -> None:
    found = tell(*(MemorySource(file.name, file.read_bytes()) for file in sorted(FOLDER.glob("*.zip"))))
    expected = json.loads((FOLDER / "expected.whatsAppMessages.josh_ios15_ffs.json").read_text("utf-8"))["data"]
    places = [
        next(((d.latitude, d.longitude) for d in m.details if isinstance(d, Place)), None) for m in found.messages
    ]
    ours = Counter(
        (m.timestamp // 1000, "" if m.kind is Kind.SYSTEM else m.text, place)
        for m, place in zip(found.messages, places, strict=True)
    )
    theirs = Counter((row[0], row[5] or "", (row[11], row[12]) if row[11] else None) for row in expected)
    assert ours == theirs
    assert sorted(Counter(m.chat for m in found.messages).values()) == [2, 2, 3, 3, 22]
    assert (min(found.times()), max(found.times())) == ("2022-03-26 17:44:06", "2023-05-17 14:36:40")
    assert Counter(m.kind.value for m in found.messages) == {"text": 15, "image": 2, "location": 4, "system": 11}
    assert [type(d) for m in found.messages for d in m.details if isinstance(d, Quote | Reaction)] == [Reaction, Quote]
    assert "This Is DFIR Two" in found.people
    assert [(m.source, m.size) for m in found.media] == [(None, 42073), (None, 55290)]

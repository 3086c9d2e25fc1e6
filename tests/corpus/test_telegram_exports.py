"""Telegram exports of another project, where they are at hand: `../shared/corpus` beside the project."""

from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource, tell

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "joweich+chat-miner" / "telegram"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpus is not beside the project")


@pytest.mark.parametrize("name", ["batch", "single"])
def test_both_shapes_hold_the_same_two_messages(name: str) -> None:
    content = (FOLDER / f"test_{name}_export.json").read_bytes()
    found = tell(MemorySource("result.json", content))
    assert [(found.sender(m), m.text) for m in found.messages] == [
        ("Author 1", "Minimal Message"),
        ("Author 2", "Link:https://telegram.org/"),
    ]
    assert found.times() == ["2018-12-05 10:39:10", "2018-12-05 10:49:24"]

"""A Signal backup that another program wrote, where it is at hand: `../shared/corpus` beside the project."""

from pathlib import Path

import pytest

from tests.fixtures_opened import told
from webapp.engine.readers.details import Reaction
from webapp.engine.readers.signal.errors import BackupKeyWrong

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "derived" / "signal-40msg.backup"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the corpus is not beside the project")


def test_forty_messages_in_two_threads_with_three_reactions() -> None:
    found = told(FILE.read_bytes(), "123456789012345678901234567890")
    assert (len(found.messages), [chat.title for chat in found.chats]) == (40, ["Ana Abel", "Trip 🚀"])
    assert sum(isinstance(detail, Reaction) for message in found.messages for detail in message.details) == 3
    assert found.times()[0] == "2023-11-14 22:13:20"
    assert sorted(found.people) == ["Ana Abel", "Omar Haas", "Owner Test"]
    assert found.unknown == {}


def test_another_passphrase_is_refused() -> None:
    with pytest.raises(BackupKeyWrong):
        told(FILE.read_bytes(), "123456789012345678901234567891")

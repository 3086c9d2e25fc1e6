"""Real pairs of the corpus, each two exports of one chat, read and merged, where they are at hand."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource
from tests.fixtures_opened import Quiet, finished
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import origins_of
from webapp.engine.chosen import Reading, merge_readings, read_chosen
from webapp.engine.readers.reading import ReadOptions

LANGUAGES = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "starkdmi+whats_json" / "languages"

pytestmark = pytest.mark.skipif(not LANGUAGES.is_dir(), reason="the corpus is not beside the project")


def reading(file: str, title: str) -> Reading:
    source = MemorySource(f"WhatsApp Chat with {title}.txt", (LANGUAGES / file).read_bytes())
    return finished(read_chosen([source], ReadOptions(now=datetime(2026, 1, 1)), NativeCrypto(), Quiet(), index=False))


def merged(*files: str) -> Reading:
    return merge_readings([reading(file, "Elon") for file in files], Quiet(), index=False)


@pytest.mark.parametrize("order", [1, -1])
def test_android_with_and_without_media_are_one_chat_of_sixty(order: int) -> None:
    one = merged(*("english_android.txt", "english_android_media.txt")[::order])
    with_media = reading("english_android_media.txt", "Elon")
    assert (len(one.found.chats), one.found.messages) == (1, 60)
    assert one.found.media_missing == with_media.found.media_missing == 7
    # What only one of them tells is there: the caption that the other left out with its picture.
    texts = {text for (text,) in one.archive.execute("SELECT text FROM messages")}
    assert texts >= {text for (text,) in with_media.archive.execute("SELECT text FROM messages")}
    for each in (one, with_media):
        each.close()


@pytest.mark.parametrize("order", [1, -1])
def test_an_iphones_exports_with_and_without_media_are_one_chat_of_twenty_five(order: int) -> None:
    one = merged(*("english_ios.txt", "english_ios_media.txt")[::order])
    assert (len(one.found.chats), one.found.messages, one.found.media_missing) == (1, 25, 13)
    # One picture is left out in both.
    assert one.found.by_kind["omitted"] == 1
    assert one.archive.execute("SELECT group_concat(text, '') FROM messages WHERE kind = 'document'").fetchone() == (
        "",
    )
    one.close()


def test_an_export_merged_with_itself_stays_what_it_was() -> None:
    one = merged("english_ios_media.txt", "english_ios_media.txt")
    assert (len(one.found.chats), one.found.messages) == (1, 25)
    assert [(origin.messages, origin.only) for origin in origins_of(one.archive)] == [(25, 25)]
    one.close()

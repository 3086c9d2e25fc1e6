"""Text exports written by phones and by other projects, where they are at hand: `../shared/corpus` beside the project.

The expected facts are those of its MANIFEST.tsv, or were counted by eye in the file where a comment says so.
"""

import json
from pathlib import Path

import pytest

from tests.fixtures_export import MemorySource, Told, tell
from webapp.engine.readers.events import Kind
from webapp.engine.zip_index import read_member, zip_members

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

FAMILY = "chats/android-group-chat/WhatsApp Chat with Family Group 👨‍👩‍👧‍👦.txt"
LANGUAGES = "starkdmi+whats_json/languages"


def source(path: str) -> MemorySource:
    file = CORPUS / path
    return MemorySource(file.name, file.read_bytes())


def told(path: str) -> Told:
    return tell(source(path))


def span(found: Told) -> tuple[str, str]:
    return min(found.times()), max(found.times())


def kinds(found: Told) -> dict[str, int]:
    counts: dict[str, int] = {}
    for message in found.messages:
        counts[message.kind.value] = counts.get(message.kind.value, 0) + 1
    return counts


@pytest.mark.parametrize(
    ("language", "second"),
    [
        ("arabic", 0), ("deutch", 0), ("english", 1), ("french", 0), ("hindi", 0), ("japanese", 0), ("portugal", 0),
        ("spanish", 0), ("thai", 1),
    ],
)  # fmt: skip
def test_one_chat_in_many_languages_is_one_chat(language: str, second: int) -> None:
    found = told(f"{LANGUAGES}/{language}_ios.txt")
    assert len(found.messages) == 23
    assert span(found) == (f"2022-03-18 14:56:0{second}", "2022-03-27 21:56:45")
    assert kinds(found) == {"system": 1, "text": 4, "omitted": 14, "location": 2, "deleted": 2}
    omitted = [message.detail for message in found.messages if message.kind is Kind.OMITTED]
    assert omitted == [
        "image", "image", "video", "audio", "contact", "sticker", "sticker", "document", "document", "document",
        "image", "gif", "image", "video",
    ]  # fmt: skip
    documents = [message.text for message in found.messages if message.detail == "document"]
    assert [text.split()[0] for text in documents] == ["Some", "Resume-Dmitry-Starkov.pdf", "Template.docx"]
    assert found.unknown == {}


@pytest.mark.parametrize("language", ["czech", "english", "russian"])
def test_the_same_chat_on_android(language: str) -> None:
    found = told(f"{LANGUAGES}/{language}_android.txt")
    assert len(found.messages) == 60
    assert span(found) == ("2022-03-18 14:56:00", "2023-01-07 23:32:00")
    assert kinds(found) == {
        "system": 1, "text": 15, "omitted": 29, "location": 3, "contact": 2, "deleted": 8, "call": 2,
    }  # fmt: skip
    assert found.people == ["Dmitry S", "Elon"]


def test_media_and_their_captions() -> None:
    android = told(f"{LANGUAGES}/english_android_media.txt")
    assert len(android.messages) == 60
    assert sum(message.media is not None for message in android.messages) == 11
    ios = told(f"{LANGUAGES}/english_ios_media.txt")
    assert (len(ios.messages), span(ios)) == (25, ("2022-03-18 14:56:01", "2023-01-07 23:32:30"))
    assert len(ios.media) == 13


def test_the_buddhist_calendar_is_the_gregorian_chat() -> None:
    buddhist, gregorian = (
        told("starkdmi+whats_json/calendars/Buddhist iOS.txt"),
        told("starkdmi+whats_json/calendars/Gregorian iOS.txt"),
    )
    assert (len(buddhist.messages), span(buddhist)) == (28, ("2022-03-18 14:56:01", "2023-01-12 15:35:15"))
    assert (len(gregorian.messages), span(gregorian)) == (25, ("2022-03-18 14:56:01", "2023-01-07 23:32:30"))


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [
        ("englishandroid24h.txt", "2018-01-29 12:24:00", "2018-01-30 00:23:00"),
        ("englishandroidampm.txt", "2018-01-29 12:24:00", "2018-01-30 00:23:00"),
        ("germanios24h.txt", "2018-01-29 12:24:03", "2018-01-30 00:23:03"),
    ],
)
def test_stray_byte_order_marks_cost_nothing(path: str, first: str, last: str) -> None:
    # 50 lines with a header in each file, counted by eye: the peer's 49 leave out `Carol:` with no text.
    found = told(f"gesiscss+WhatsR/{path}")
    assert (len(found.messages), span(found)) == (50, (first, last))
    assert found.people == ["Mallory", "Dave", "Alice", "Bob", "Carol"]


def test_whatstk() -> None:
    lorem = told("lucasrodes+whatstk/lorem-2000.txt")
    assert (len(lorem.messages), span(lorem)) == (2000, ("2019-04-16 02:09:00", "2020-06-13 00:00:00"))
    assert kinds(lorem) == {"text": 2000}
    pokemon = told("lucasrodes+whatstk/pokemon.txt")
    assert (len(pokemon.messages), span(pokemon)) == (20, ("2016-04-15 15:04:00", "2016-10-31 12:23:00"))


@pytest.mark.parametrize("path", ["test_ddmmyy_24hrs.txt", "test_mmddyyyy_12hrs.txt"])
def test_chat_miner_agrees(path: str) -> None:
    found = told(f"joweich+chat-miner/whatsapp/{path}")
    expected = json.loads((CORPUS / "joweich+chat-miner/whatsapp/target.json").read_text("utf-8"))
    ours = [
        {
            "timestamp": time.replace(" ", "T"),
            "author": found.sender(message),
            "message": message.text.replace("\n", " "),
        }
        for message, time in zip(found.messages, found.times(), strict=True)
        if message.sender is not None
    ]
    assert ours == expected[::-1]
    assert len(found.messages) == 9


def test_the_zip_of_a_peer_has_its_media() -> None:
    zipped = source("Pustur+whatsapp-chat-parser-website/whatsapp-chat-parser-example.zip")
    found = tell(zipped)
    assert (len(found.messages), span(found)) == (52, ("2019-06-20 15:58:47", "2019-06-20 16:45:28"))
    assert [(m.kind.value, m.mime, m.size) for m in found.media] == [
        ("image", "image/jpeg", 146284),
        ("video", "video/mp4", 64825),
        ("audio", "audio/mpeg", 240325),
        ("document", "application/zip", 2721),
    ]
    assert kinds(found)["poll"] == 1
    members = zip_members(zipped)
    assert len(members) == 6
    assert all(len(read_member(zipped, member, 1 << 20)) == member.size for member in members)


@pytest.mark.parametrize(
    ("path", "count", "first", "last"),
    [
        # The peer reads 2024/12/10 as 12 October; a year in front is followed by the month.
        ("parser-tests/asian-format-test.txt", 5, "2024-12-10 14:30:00", "2024-12-10 14:36:00"),
        ("parser-tests/french-format-test.txt", 6, "2024-12-10 14:30:00", "2024-12-10 14:36:00"),
        ("parser-tests/ios-format-test.txt", 5, "2025-11-13 09:09:43", "2025-12-19 08:50:53"),
        (FAMILY, 50, "2024-12-01 09:00:00", "2024-12-04 20:07:00"),
    ],
)  # fmt: skip
def test_whats_reader(path: str, count: int, first: str, last: str) -> None:
    found = told(f"rodrigogs+whats-reader/{path}")
    assert (len(found.messages), span(found)) == (count, (first, last))


def test_attachment_names_settle_the_order_of_the_family_chat() -> None:
    found = told(f"rodrigogs+whats-reader/{FAMILY}")
    assert found.chats[0].title == "Family Group 👨‍👩‍👧‍👦"
    guess = found.chats[0].date_guess
    assert guess is not None
    assert (guess.order, guess.certain, guess.reason) == ("DMY", True, "attachment_names")

"""Whole exports: what is found in files, zips and folders, and the traps of the format."""

import pytest

from tests.fixtures_export import MemorySource, tell, tell_text, zip_of
from webapp.engine.readers.errors import NotAChatExport, NothingChosen
from webapp.engine.readers.events import Kind
from webapp.engine.readers.registry import sniff
from webapp.engine.zip_index import DamagedZip, EncryptedZip

CHAT = b"12/05/2022, 10:00 - Ann: one\n13/05/2022, 10:01 - Ben: two\n"
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)


def test_a_message_of_several_lines_keeps_them() -> None:
    told = tell_text("12/05/2022, 10:00 - Ann: one\n\n  two\nthree: 3\n13/05/2022, 10:01 - Ben: x\n\n\n")
    assert [message.text for message in told.messages] == ["one\n\n  two\nthree: 3", "x"]


def test_line_ends_of_ios_are_no_part_of_the_text() -> None:
    told = tell_text("[12.05.22, 10:00:00] Ann: one\r\ntwo\r\n[12.05.22, 10:00:01] Ben: x\r\n")
    assert [message.text for message in told.messages] == ["one\ntwo", "x"]


def test_unusual_line_separators_stay_in_the_text() -> None:
    text = "a\u2028b\x0bc\x85d\re"
    assert tell_text(f"12/05/2022, 10:00 - Ann: {text}\n").messages[0].text == text


def test_a_quoted_header_of_another_shape_is_no_message() -> None:
    own = "".join(f"[{day}.05.22, 10:00:00] Ann: day {day}\n" for day in range(10, 28))
    told = tell_text(own + "[28.05.22, 10:00:00] Ann: you wrote\n12/05/2022, 10:00 - Ben: hello\n")
    assert len(told.messages) == 19
    assert told.messages[-1].text == "you wrote\n12/05/2022, 10:00 - Ben: hello"


def test_file_order_need_not_be_time_order() -> None:
    told = tell_text("23/03/2022, 13:31 - Ann: late\n18/03/2022, 14:56 - Ann: early\n")
    assert [message.sequence for message in told.messages] == [0, 1]
    assert told.messages[0].timestamp > told.messages[1].timestamp


@pytest.mark.parametrize(
    "line",
    ['Ann created group "Trip: Rome"', "You changed the subject to “Party: now”", "Ann added Ben", "Ann left"],
)
def test_lines_of_the_app_have_no_sender(line: str) -> None:
    told = tell_text(f"12/05/2022, 10:00 - {line}\n12/05/2022, 10:01 - Ann: hi\n")
    assert told.messages[0].kind is Kind.SYSTEM
    assert (told.messages[0].sender, told.messages[0].text) == (None, line)
    assert told.people == ["Ann"]


def test_a_sender_with_quotes_in_the_name_is_believed_when_seen_again() -> None:
    told = tell_text('12/05/2022, 10:00 - Bob "Bobby" B: hi\n12/05/2022, 10:01 - Bob "Bobby" B: again\n')
    assert told.people == ['Bob "Bobby" B']


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("~\u202fMaria", "Maria"),
        ("~ Maria", "Maria"),
        ("\u202a+40\u00a0521\u00a0028\u202c", "+40 521 028"),
        ("\u2068Ann\u2069", "Ann"),
    ],
)
def test_senders_are_named_plainly(written: str, name: str) -> None:
    assert tell_text(f"[12.05.22, 10:00:00] {written}: hi\n").people == [name]


def test_the_owner_is_who_deleted_their_own_message() -> None:
    told = tell_text("12/05/2022, 10:00 - Ann: You deleted this message\n12/05/2022, 10:01 - Ben: hi\n")
    assert told.ends[0].owner == 1
    assert tell_text(CHAT.decode()).ends[0].owner is None


def test_groups_and_pairs_are_told_apart() -> None:
    assert not tell_text(CHAT.decode()).ends[0].group
    assert tell_text(CHAT.decode() + "13/05/2022, 10:02 - Cy: three\n").ends[0].group
    assert tell_text('11/05/2022, 10:00 - Ann created group "A"\n' + CHAT.decode()).ends[0].group


def test_what_is_not_understood_is_counted() -> None:
    told = tell(MemorySource("c.txt", b"12/05/2022, 10:00 - Ann: caf\xe9\n" + CHAT))
    assert told.unknown == {"undecodable_text": 1}
    assert tell_text("a foreword\n\nanother\n" + CHAT.decode() * 3).unknown == {"leading_text": 2}


def test_text_in_utf_16_is_read() -> None:
    assert len(tell(MemorySource("c.txt", CHAT.decode().encode("utf-16"))).messages) == 2


@pytest.mark.parametrize("name", ["_chat.txt", "Čet.dat", "deep/er/WhatsApp Chat with Ann.txt", "no ending"])
def test_the_chat_is_found_by_content_whatever_it_is_called(name: str) -> None:
    zipped = zip_of({"__MACOSX/._chat.txt": CHAT, ".DS_Store": b"\0\0", name: CHAT, "notes.txt": b"milk\neggs\n"})
    told = tell(MemorySource("export.zip", zipped))
    assert len(told.chats) == 1
    assert len(told.messages) == 2


def test_a_chat_sent_as_a_document_is_a_document() -> None:
    outer = b"[12.05.22, 10:00:00] Ann: \xe2\x80\x8e<attached: 00000002-WhatsApp Chat with Zed.txt>\n"
    zipped = zip_of({"_chat.txt": outer, "00000002-WhatsApp Chat with Zed.txt": CHAT})
    told = tell(MemorySource("WhatsApp Chat - Ann.zip", zipped))
    assert [chat.title for chat in told.chats] == ["Ann"]
    assert [(m.kind, m.mime, m.size) for m in told.media] == [(Kind.DOCUMENT, "text/plain", len(CHAT))]


def test_several_chats_in_one_zip_keep_their_own_media() -> None:
    line = b"12/05/2022, 10:00 - Ann: IMG-20220512-WA0001.jpg (file attached)\n"
    zipped = zip_of(
        {
            "a/WhatsApp Chat with A.txt": line,
            "a/IMG-20220512-WA0001.jpg": JPEG,
            "b/WhatsApp Chat with B.txt": line,
            "b/IMG-20220512-WA0001.jpg": JPEG + b"other",
        }
    )
    told = tell(MemorySource("all.zip", zipped))
    assert [(chat.title, medium.member) for chat, medium in zip(told.chats, told.media, strict=True)] == [
        ("A", "a/IMG-20220512-WA0001.jpg"),
        ("B", "b/IMG-20220512-WA0001.jpg"),
    ]


def test_a_folder_of_loose_files_works_like_a_zip() -> None:
    line = b"12/05/2022, 10:00 - Ann: holiday.jpg (file attached)\n"
    told = tell(MemorySource("x/chat.txt", line), MemorySource("x/holiday.jpg", JPEG))
    (medium,) = told.media
    assert (medium.source, medium.member, medium.mime, medium.kind) == (1, "", "image/jpeg", Kind.IMAGE)


def test_one_file_named_twice_is_one_medium() -> None:
    line = b"12/05/2022, 10:00 - Ann: IMG-20220512-WA0001.jpg (file attached)\n"
    told = tell(MemorySource("a.zip", zip_of({"c.txt": line * 2, "IMG-20220512-WA0001.jpg": JPEG})))
    assert len(told.media) == 1
    assert [message.media for message in told.messages] == [1, 1]


def test_files_that_no_message_names_are_kept_and_counted() -> None:
    told = tell(MemorySource("a.zip", zip_of({"c.txt": CHAT, "stray.jpg": JPEG})))
    assert [medium.name for medium in told.media] == ["stray.jpg"]
    assert told.unknown == {"unreferenced_file": 1}


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"OggS\0", "audio/ogg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "application/octet-stream"),
        (b"<html><script>", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, mime: str) -> None:
    line = b"12/05/2022, 10:00 - Ann: a.jpg (file attached)\n"
    told = tell(MemorySource("a.zip", zip_of({"c.txt": line, "a.jpg": content + bytes(30)})))
    assert told.media[0].mime == mime


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Ann & Ben.txt", "Ann & Ben"),
        ("WhatsApp-Chat mit Oma.txt", "Oma"),
        ("Discussion WhatsApp avec Zoé (2).txt", "Zoé"),
        ("Conversa do WhatsApp com Rui.txt", "Rui"),
        ("whatever.txt", "whatever"),
    ],
)
def test_titles_come_from_file_names(name: str, title: str) -> None:
    assert tell_text(CHAT.decode(), name=name).chats[0].title == title


def test_times_float_and_say_so() -> None:
    assert tell_text(CHAT.decode()).chats[0].floating


@pytest.mark.parametrize(
    ("sources", "looks_like"),
    [
        ([MemorySource("a.txt", b"just\nsome\nlines\n")], "text"),
        ([MemorySource("a.bin", bytes(range(256)))], "unknown"),
        ([MemorySource("a.jpg", JPEG)], "media"),
        ([MemorySource("places.db", b"SQLite format 3\0" + bytes(100))], "sqlite"),
        ([MemorySource("msgstore.db.crypt15", b"\x81\x01" + bytes(200))], "encrypted_backup"),
        ([MemorySource("a.zip", zip_of({"a.jpg": JPEG}))], "zip"),
    ],
)
def test_what_is_no_chat_is_named(sources: list[MemorySource], looks_like: str) -> None:
    with pytest.raises(NotAChatExport) as refused:
        sniff(sources)
    assert refused.value.data == {"looks_like": looks_like}
    assert refused.value.code == "not_a_chat_export"


@pytest.mark.parametrize("sources", [[], [MemorySource("a.txt", b"")], [MemorySource("a.zip", zip_of({}))]])
def test_nothing_is_called_nothing(sources: list[MemorySource]) -> None:
    with pytest.raises(NothingChosen):
        sniff(sources)


def test_a_damaged_picture_does_not_cost_the_chat_but_a_damaged_chat_is_told() -> None:
    zipped = zip_of({"c.txt": CHAT * 50, "a.jpg": JPEG * 50})
    picture = zipped.index(b"a.jpg") + 5
    told = tell(MemorySource("a.zip", zipped[:picture] + b"\xff" * 10 + zipped[picture + 10 :]))
    assert len(told.messages) == 100
    text = zipped.index(b"c.txt") + 5
    with pytest.raises(DamagedZip):
        tell(MemorySource("a.zip", zipped[:text] + b"\xff" * 10 + zipped[text + 10 :]))


def test_a_locked_zip_is_told() -> None:
    zipped = bytearray(zip_of({"c.txt": CHAT}))
    zipped[zipped.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedZip):
        sniff([MemorySource("a.zip", bytes(zipped))])

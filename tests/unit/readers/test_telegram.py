"""Telegram exports: single chats and whole accounts, everything a message may hold, and files made to hurt."""

import json
import time

import pytest

from tests.fixtures_export import MemorySource, Told, tell, zip_of
from tests.fixtures_telegram import NOT_INCLUDED, account, chat, message, service, written
from webapp.engine.readers.details import Call, ContactCard, Edit, Mention, Place, Poll, PollOption, Quote, Reaction
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.readers.events import Kind
from webapp.engine.readers.json_stream import DamagedJson, ImplausibleJson, JsonStream
from webapp.engine.readers.registry import sniff

BEN = ("Ben", 22)
JPEG = b"\xff\xd8\xff" + bytes(40)


def told(*messages: dict, **head: object) -> Told:
    return tell(MemorySource("result.json", written(chat(list(messages), **head))))  # type: ignore[arg-type]


def test_a_single_chat_is_told_with_its_owner() -> None:
    found = told(message(1, "hi"), message(2, "ho", BEN))
    assert [(m.text, found.sender(m), m.key) for m in found.messages] == [("hi", "Ann", "1"), ("ho", "Ben", "2")]
    assert (found.chats[0].title, found.chats[0].address, found.chats[0].floating) == ("Ben", "user22", False)
    assert found.times()[0] == "2022-05-12 10:01:00"
    end = found.ends[0]
    assert (end.group, end.owner) == (False, found.messages[0].sender)


def test_an_account_has_all_its_chats_and_each_person_once() -> None:
    export = account(
        chat([message(1, "one")]), chat([message(1, "two", BEN)], "Trip", "private_supergroup", 5),
        left=(chat([message(9, "bye")], "Old", "private_group", 6),),
    )  # fmt: skip
    found = tell(MemorySource("result.json", written(export)))
    assert [(c.title, c.address) for c in found.chats] == [("Ben", "user22"), ("Trip", "channel5"), ("Old", "chat6")]
    assert [end.group for end in found.ends] == [False, True, True]
    assert found.people == ["Ann", "Ben"]
    assert {end.owner for end in found.ends} == {1}


def test_entities_become_plain_text_and_hidden_links_stay() -> None:
    text = [
        "see ",
        {"type": "bold", "text": "this"},
        " ",
        {"type": "text_link", "text": "page", "href": "https://a.b/"},
    ]
    found = told(message(1, text), message(2, [{"type": "mention", "text": "@ben"}, "!"]))
    assert [m.text for m in found.messages] == ["see this page (https://a.b/)", "@ben!"]
    assert found.messages[1].details == (Mention(None, "@ben"),)


def test_what_hangs_on_a_message() -> None:
    reactions = [
        {"type": "emoji", "emoji": "👍", "count": 3, "recent": [{"from": "Ben", "from_id": "user22", "date": "x"}]}
    ]
    answers = [{"text": "yes", "voters": 2, "chosen": False}, {"text": "no", "voters": 0, "chosen": True}]
    found = told(
        message(1, "hi", reactions=reactions, edited="2022-05-12T12:05:00", edited_unixtime="1652349900"),
        message(2, "ho", reply_to_message_id=1, forwarded_from="Zed"),
        message(3, "", poll={"question": "go?", "closed": False, "total_voters": 2, "answers": answers}),
        message(4, "", location_information={"latitude": 1.5, "longitude": -2}, place_name="Café"),
        message(5, "", contact_information={"first_name": "Z", "last_name": "Y", "phone_number": "+49 1"}),
        message(6, "elsewhere", reply_to_message_id=1, reply_to_peer_id="channel9"),
    )
    first, second, third, fourth, fifth, sixth = found.messages
    assert first.details == (
        Reaction(found.people.index("Ben") + 1, "👍"),
        Reaction(None, "👍"),
        Reaction(None, "👍"),
        Edit(1652349900000),
    )
    assert first.edited
    assert (second.details, second.forwarded) == ((Quote(key="1"),), 1)
    assert (third.kind, third.text) == (Kind.POLL, "go?")
    assert third.details == (Poll((PollOption("yes", 2), PollOption("no", 0))),)
    assert (fourth.kind, fourth.details) == (Kind.LOCATION, (Place(1.5, -2.0, "Café"),))
    assert (fifth.kind, fifth.details) == (Kind.CONTACT, (ContactCard("Z Y", "+49 1"),))
    assert sixth.details == (Quote(),)


def test_media_lie_beside_the_export_or_were_left_out() -> None:
    messages = [
        message(1, "caption", photo="photos/photo_1.jpg", width=3, height=4),
        message(2, "", file=NOT_INCLUDED, file_name="a.pdf", mime_type="application/pdf", file_size=9),
        message(3, "", file="voice/1.ogg", media_type="voice_message", mime_type="audio/ogg", duration_seconds=7),
        message(4, "", file="../../etc/passwd", file_name="passwd"),
    ]
    files = {"ChatExport/result.json": written(chat(messages)), "ChatExport/photos/photo_1.jpg": JPEG,
             "other/photos/photo_1.jpg": b"x", "etc/passwd": b"root"}  # fmt: skip
    found = tell(MemorySource("export.zip", zip_of(files)))
    assert [(m.kind, m.member, m.mime, m.size) for m in found.media] == [
        (Kind.IMAGE, "ChatExport/photos/photo_1.jpg", "image/jpeg", len(JPEG)),
        (Kind.DOCUMENT, "", "application/pdf", 9),
        (Kind.VOICE, "", "audio/ogg", 0),
        (Kind.DOCUMENT, "", "application/octet-stream", 0),
    ]
    assert [(m.source, m.width, m.duration) for m in found.media[:3]] == [
        (0, 3, None),
        (None, None, None),
        (None, None, 7),
    ]
    assert found.unknown == {"unreferenced_file": 2}


def test_service_lines_and_calls() -> None:
    found = told(
        service(1, "create_group", title="Trip", members=["Ann", "Ben"]),
        service(2, "phone_call", duration_seconds=61),
        service(3, "phone_call", discard_reason="missed"),
        service(4, "boost_apply"),
    )
    assert found.messages[0].text == "Ann created the group “Trip” with Ann, Ben"
    assert found.messages[1].details == (Call(False, "answered", 61),)
    assert found.messages[2].details == (Call(False, "missed"),)
    assert found.messages[3].kind is Kind.SYSTEM
    assert found.unknown == {"system_event": 1}


def test_what_is_not_known_is_counted() -> None:
    found = told(
        message(1, "x", brand_new=1),
        {**message(2, "y"), "type": "unsupported"},
        {**message(3), "date_unixtime": "x", "date": "?"},
    )
    assert found.unknown == {"field": 1, "message_type": 1, "impossible_date": 1}
    assert found.messages[1].kind is Kind.UNKNOWN
    assert found.messages[2].timestamp == found.messages[1].timestamp


def test_an_old_export_without_zones_floats() -> None:
    old = message(1, "hi")
    del old["date_unixtime"]
    found = told(old)
    assert found.chats[0].floating
    assert found.times() == ["2022-05-12 12:01:00"]


@pytest.mark.parametrize(
    "content", [b'{"messages": [{"sender_name": "x", "content": "y"}]}', b'{"a": 1}', b"[]", b'{"chat": {}}']
)
def test_other_json_is_not_telegram(content: bytes) -> None:
    with pytest.raises(NotAChatExport):
        sniff([MemorySource("result.json", content)])


def test_every_cut_is_noticed() -> None:
    whole = written(chat([message(number, "hi " * 50) for number in range(1, 30)]))
    for end in range(2000, len(whole) - 2, 997):
        with pytest.raises(DamagedJson):
            tell(MemorySource("result.json", whole[:end]))


def test_every_size_of_piece_reads_the_same() -> None:
    export = written(account(chat([message(1, ["ä", {"type": "bold", "text": '✓ " ] }'}]), message(2, "😀")])))
    whole = JsonStream([export]).value()
    for size in (1, 2, 3, 7, 64):
        pieces = (export[at : at + size] for at in range(0, len(export), size))
        assert JsonStream(pieces).value() == whole


@pytest.mark.parametrize("inside", ["value", "message", "skipped"])
def test_deep_nesting_is_refused(inside: str) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    beginning = b'{"name":"x","type":"personal_chat","id":1,'
    content = {
        "value": beginning + b'"messages":[{"type":"message","date_unixtime":"1","text":' + deep + b"}]}",
        "message": beginning + b'"messages":[{"type":"message"},' + deep + b"]}",
        "skipped": beginning + b'"messages":[{"type":"message"}],"more":' + deep + b"}",
    }[inside]
    start = time.monotonic()
    with pytest.raises(ImplausibleJson):
        tell(MemorySource("result.json", content))
    assert time.monotonic() - start < 5


def test_one_enormous_message_is_refused() -> None:
    with pytest.raises(ImplausibleJson):
        told(message(1, "x" * (20 << 20)))


def test_huge_counts_stay_small() -> None:
    found = told(message(1, "x", reactions=[{"type": "emoji", "emoji": "👍", "count": 10**15}]))
    assert len(found.messages[0].details) == 200
    assert found.unknown == {"reaction": 10**15 - 200}


def test_only_a_piece_is_in_memory_at_a_time() -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    line = json.dumps(message(1, "hello " * 40)).encode()

    def pieces():
        yield b'{"name":"x","type":"personal_chat","id":1,"messages":['
        for _ in range(300):
            yield b",".join([line] * 400) + b","
        yield line + b"]}"

    tracemalloc.start()
    stream = JsonStream(pieces())
    count = 0
    for key in stream.members():
        if key != "messages":
            stream.skip()
            continue
        for _ in stream.elements():
            stream.value()
            count += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 120_001
    assert peak < 8 << 20

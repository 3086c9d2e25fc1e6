"""Bodies: what kind of message a text is."""

import pytest

from tests.fixtures_export import Told, tell_text
from webapp.engine.readers.details import Place, Poll, PollOption
from webapp.engine.readers.events import Kind, Message

ANDROID = "12/05/2022, 10:00 - Ann: {}\n"
IOS = "[12/05/2022, 10:00:00] Ann: {}\r\n"
IOS_MEDIA = "\u200e[12/05/2022, 10:00:00] Ann: {}\r\n"


def only(template: str, body: str) -> Message:
    (message,) = tell_text(template.format(body)).messages
    return message


@pytest.mark.parametrize(
    ("template", "body", "kind", "detail"),
    [
        (ANDROID, "hello", Kind.TEXT, ""),
        (ANDROID, "<Media omitted>", Kind.OMITTED, ""),
        (ANDROID, "<Média vynechány>", Kind.OMITTED, ""),
        (ANDROID, "<Ortasız bir şey>", Kind.OMITTED, ""),
        (ANDROID, "null", Kind.OMITTED, "view_once"),
        (ANDROID, "", Kind.OMITTED, ""),
        (ANDROID, "This message was deleted", Kind.DELETED, "other"),
        (ANDROID, "You deleted this message", Kind.DELETED, "self"),
        (ANDROID, "Missed voice call", Kind.CALL, "Missed voice call"),
        (ANDROID, "live location shared", Kind.LOCATION, "live"),
        (IOS_MEDIA, "\u200eimage omitted", Kind.OMITTED, "image"),
        (IOS_MEDIA, "\u200eBild weggelassen", Kind.OMITTED, "image"),
        (IOS_MEDIA, "\u200eスタンプは含まれていません", Kind.OMITTED, "sticker"),
        (IOS_MEDIA, "\u200eno such words in any table", Kind.OMITTED, ""),
        (IOS, "\u200eYou deleted this message.", Kind.DELETED, "self"),
        (IOS, "\u200eMissed video call. \u200eTap to call back", Kind.CALL, "Missed video call. Tap to call back"),
        (IOS, "\u200eSomething the app says in a language we do not know", Kind.SYSTEM, "Ann"),
        (IOS, "null", Kind.TEXT, ""),
        # What people write must stay theirs.
        (ANDROID, "voice call tomorrow?", Kind.TEXT, ""),
        (ANDROID, "this message was deleted yesterday, you know", Kind.TEXT, ""),
        (ANDROID, "<3", Kind.TEXT, ""),
        (ANDROID, "a <b> c", Kind.TEXT, ""),
        (ANDROID, "disappearing messages are odd", Kind.TEXT, ""),
        (ANDROID, "see (this)", Kind.TEXT, ""),
        (ANDROID, "version 2.0 (beta)", Kind.TEXT, ""),
        (IOS, "look at <this: that>", Kind.TEXT, ""),
    ],
)
def test_kinds(template: str, body: str, kind: Kind, detail: str) -> None:
    message = only(template, body)
    assert (message.kind, message.detail) == (kind, detail)


def media_of(template: str, body: str) -> tuple[Message, str, str]:
    told: Told = tell_text(template.format(body))
    (message,), (medium,) = told.messages, told.media
    assert message.media == medium.id
    assert medium.source is None
    return message, medium.name, medium.title


@pytest.mark.parametrize(
    ("template", "body", "kind", "name", "text", "title"),
    [
        (ANDROID, "IMG-20220512-WA0001.jpg (file attached)", Kind.IMAGE, "IMG-20220512-WA0001.jpg", "", ""),
        (ANDROID, "IMG-20220512-WA0001.jpg (file attached)\nA caption\nof two lines", Kind.IMAGE,
         "IMG-20220512-WA0001.jpg", "A caption\nof two lines", ""),
        (ANDROID, "\u200ePTT-20220512-WA0001.opus (soubor byl přiložen)", Kind.VOICE,
         "PTT-20220512-WA0001.opus", "", ""),
        (ANDROID, "VID-20220512-WA0001.mp4 (words we do not know)", Kind.VIDEO, "VID-20220512-WA0001.mp4", "", ""),
        (ANDROID, "Alex.vcf (file attached)", Kind.CONTACT, "Alex.vcf", "", ""),
        (ANDROID, "Tax (2022) final.pdf (Datei angehängt)", Kind.DOCUMENT, "Tax (2022) final.pdf", "", ""),
        (IOS_MEDIA, "\u200e<attached: 00000035-PHOTO-2022-05-12-10-00-00.jpg>", Kind.IMAGE,
         "00000035-PHOTO-2022-05-12-10-00-00.jpg", "", ""),
        (IOS_MEDIA, "sunset \u200e<Anhang: 00000035-PHOTO-2022-05-12-10-00-00.jpg>", Kind.IMAGE,
         "00000035-PHOTO-2022-05-12-10-00-00.jpg", "sunset", ""),
        (IOS_MEDIA, "CV.pdf • \u200e2 pages \u200e<pièce jointe : 00000047-CV.pdf>", Kind.DOCUMENT,
         "00000047-CV.pdf", "", "CV.pdf • 2 pages"),
        (IOS_MEDIA, "\u200e<unbekannt: 00000044-STICKER-2022-05-12-10-00-00.webp>", Kind.STICKER,
         "00000044-STICKER-2022-05-12-10-00-00.webp", "", ""),
        (IOS_MEDIA, "\u200e<attached: 00000038-AUDIO-2022-05-12-10-00-00.opus>", Kind.VOICE,
         "00000038-AUDIO-2022-05-12-10-00-00.opus", "", ""),
        (IOS_MEDIA, "\u200e<attached: 00000051-GIF-2022-05-12-10-00-00.mp4>", Kind.GIF,
         "00000051-GIF-2022-05-12-10-00-00.mp4", "", ""),
    ],
)  # fmt: skip
def test_attachments(template: str, body: str, kind: Kind, name: str, text: str, title: str) -> None:
    message, found, shown = media_of(template, body)
    assert (message.kind, found, message.text, shown) == (kind, name, text, title)


def test_a_document_left_out_keeps_its_name() -> None:
    message = only(IOS_MEDIA, "CV.pdf • \u200e2 pages \u200edocument omitted")
    assert (message.kind, message.detail, message.text) == (Kind.OMITTED, "document", "CV.pdf • 2 pages")


def test_a_caption_follows_a_medium_left_out() -> None:
    assert only(ANDROID, "<Media omitted>\nCaption").text == "Caption"


@pytest.mark.parametrize(
    "ending", ["<This message was edited>", "\u200e<This message was edited>", "\u200e<xyz abcde>"]
)
def test_edited_texts_lose_the_remark_and_keep_the_fact(ending: str) -> None:
    message = only(IOS, f"hello there {ending}")
    assert (message.text, message.edited, message.kind) == ("hello there", True, Kind.TEXT)


@pytest.mark.parametrize(("word", "template"), [("location", ANDROID), ("\u200eموقع", IOS), ("位置情報", ANDROID)])
def test_places_have_coordinates(word: str, template: str) -> None:
    message = only(template, f"{word}: https://maps.google.com/?q=51.5021456,-0.127397")
    assert message.kind is Kind.LOCATION
    assert message.details == (Place(51.5021456, -0.127397),)


def test_polls_in_any_language() -> None:
    body = "UMFRAGE:\nWann?\nOPTION: Heute (0 Stimmen)\nOPTION: Morgen (12 Stimmen)"
    message = only(ANDROID, body)
    assert (message.kind, message.text) == (Kind.POLL, "Wann?")
    assert message.details == (Poll((PollOption("Heute", 0), PollOption("Morgen", 12))),)
    assert only(ANDROID, "LIST:\n1: eggs\n2: milk").kind is Kind.TEXT

"""The reader of WhatsApp text exports: finds the chats among the files by content, then tells them one by one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from webapp.engine.readers.errors import TextTooLarge
from webapp.engine.readers.events import Chat, DateGuess, Event, Origin
from webapp.engine.readers.items import Item, blocks_of, encoding_of
from webapp.engine.readers.mime import HEAD, UNKNOWN, mime_of
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.whatsapp_text.media import Attachable, Shelf
from webapp.engine.readers.whatsapp_text.people import People
from webapp.engine.readers.whatsapp_text.survey import Survey, survey
from webapp.engine.readers.whatsapp_text.transcript import Transcript
from webapp.engine.readers.whatsapp_text.words_of_body import TITLE_PREFIXES, TITLE_SUFFIXES
from webapp.engine.zip_index import DamagedZip, UnsupportedZip

LARGEST_TEXT = 1 << 30
"""Bytes of one chat's text."""

_SAMPLE = 1 << 16
_EPOCH = datetime(1970, 1, 1)
_ENDINGS = re.compile(r"(\.(zip|txt))+\Z", re.IGNORECASE)
_COPY_NUMBER = re.compile(r" ?\(\d{1,3}\)\Z")


@dataclass(frozen=True, slots=True)
class _Text:
    """A file that looks like a chat."""

    item: Item
    encoding: str


@dataclass(slots=True)
class WhatsAppText:
    """The chats found in the chosen files, and the files they may name."""

    texts: list[_Text]
    others: list[Attachable]
    reader: str = field(default="whatsapp_text")

    def events(self, options: ReadOptions) -> Iterator[Event]:
        """Every chat in turn. Raises TextTooLarge, DamagedZip."""
        surveys = [survey(blocks_of(text.item, text.encoding)) for text in self.texts]
        chats, attached = _without_attached_chats(self.texts, surveys)
        shelf = Shelf(self.others + attached)
        participant_ids = count(1)
        today = None if options.now is None else (options.now.replace(tzinfo=None) - _EPOCH).days
        for number, (text, seen) in enumerate(chats, start=1):
            guess = seen.main_evidence().guess(today)
            if options.date_order is not None and guess.reason != "year_first":
                guess = DateGuess(options.date_order, True, "chosen")
            item = text.item
            yield Origin(number, self.reader, item.source.name, "" if item.member is None else item.path)
            chat = Chat(number, title_of(item), "whatsapp", item.location, True, guess, origin=number)
            yield chat
            people = People(number, participant_ids)
            yield from Transcript(chat, text.item, text.encoding, seen, guess, people, shelf).events()


def recognise(items: Sequence[Item]) -> WhatsAppText | None:
    """The chats among `items`, or None. Reads the beginnings of files.

    Raises TextTooLarge; DamagedZip or UnsupportedZip where nothing is a chat and something could not be opened.
    """
    texts: list[_Text] = []
    others: list[Attachable] = []
    trouble: DamagedZip | UnsupportedZip | None = None
    for item in items:
        try:
            head = item.head(HEAD)
            mime = mime_of(head, item.name)
            encoding = _encoding_of_chat(item) if mime in (UNKNOWN, "text/plain") else None
        except (DamagedZip, UnsupportedZip) as error:
            trouble = trouble or error
            mime, encoding = UNKNOWN, None
        if encoding is None:
            others.append(Attachable(item, mime))
        elif item.size > LARGEST_TEXT:
            raise TextTooLarge(item.size, LARGEST_TEXT)
        else:
            texts.append(_Text(item, encoding))
    if texts:
        return WhatsAppText(texts, others)
    if trouble is not None:
        raise trouble
    return None


def title_of(item: Item) -> str:
    """A chat's name from its file's name, or from the zip's or folder's where the text is called `_chat.txt`."""
    for name in (item.name, item.path.rpartition("/")[0].rpartition("/")[2], item.source.name.rpartition("/")[2]):
        stem = _COPY_NUMBER.sub("", _ENDINGS.sub("", name)).strip()
        if not stem or stem.casefold() in ("_chat", "chat"):
            continue
        for prefix in TITLE_PREFIXES:
            if stem.casefold().startswith(prefix.casefold()):
                stem = stem[len(prefix) :].strip() or stem
                break
        for suffix in TITLE_SUFFIXES:
            stem = stem.removesuffix(suffix)
        return stem
    return "WhatsApp"


def _encoding_of_chat(item: Item) -> str | None:
    """The encoding of an item whose beginning reads like a chat; None for everything else."""
    head = item.head(_SAMPLE)
    encoding = encoding_of(head)
    if encoding is None:
        return None
    beginning = head.decode(encoding, "replace").replace("\r\n", "\n")
    return encoding if survey([beginning]).is_chat else None


def _without_attached_chats(
    texts: list[_Text], surveys: list[Survey]
) -> tuple[list[tuple[_Text, Survey]], list[Attachable]]:
    """A chat export can itself be sent as a document: a text that another text of its folder attaches is not a chat."""
    chats: list[tuple[_Text, Survey]] = []
    attached: list[Attachable] = []
    for text, seen in zip(texts, surveys, strict=True):
        named = any(
            other is not text and other.item.folder == text.item.folder and text.item.name in others.attachments
            for other, others in zip(texts, surveys, strict=True)
        )
        if named and len(texts) - len(attached) > 1:
            attached.append(Attachable(text.item, "text/plain"))
        else:
            chats.append((text, seen))
    return chats, attached

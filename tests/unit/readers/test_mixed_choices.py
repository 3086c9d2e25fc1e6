"""Several kinds of backup dropped together: all are read, and become one history."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fixtures_crypt import ROOT, Quiet, crypt15
from tests.fixtures_export import MemorySource, zip_of
from tests.fixtures_increments import increment
from tests.fixtures_msgstore import contacts, message, modern
from tests.fixtures_telegram import chat, written
from tests.fixtures_telegram import message as telegram_message
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import Archive, origins_of
from webapp.engine.chosen import MERGED, Reading, read_chosen
from webapp.engine.crypto.secret import Secret
from webapp.engine.local_media import LocalMedia
from webapp.engine.readers.reading import ReadOptions

DATABASE = modern(message(2, 1, 0, "said on the phone"), message(3, 2, 0, "in the group", sender=1))
TELEGRAM = written(chat([telegram_message(1, "said in Telegram", photo="photos/photo_1.jpg")]))
EXPORT = (
    "14/11/2023, 22:13 - Zoe: said in an export\n14/11/2023, 22:14 - Max: IMG-20231114-WA0001.jpg (file attached)\n"
)


@contextmanager
def read(files: dict[str, bytes]) -> Iterator[Reading]:
    sources = [MemorySource(name, content) for name, content in files.items()]
    options = ReadOptions(keys=(Secret(ROOT.hex().encode()),))
    reading = asyncio.run(read_chosen(sources, options, NativeCrypto(), Quiet()))
    try:
        yield reading
    finally:
        reading.close()


def texts(reading: Reading) -> set[str]:
    return {text for (text,) in reading.archive.execute("SELECT text FROM messages WHERE text <> ''")}


def test_a_database_a_telegram_export_and_text_exports_are_one_reading() -> None:
    zipped = zip_of({"_chat.txt": EXPORT.encode(), "IMG-20231114-WA0001.jpg": b"\xff\xd8\xffpicture"})
    files = {
        "msgstore.db.crypt15": crypt15(DATABASE),
        "wa.db": contacts(p999111="Ann Saved"),
        "tg/result.json": TELEGRAM,
        "tg/photos/photo_1.jpg": b"\xff\xd8\xffsent",
        "WhatsApp Chat with Zoe.zip": zipped,
    }
    with read(files) as reading:
        assert reading.source == MERGED
        assert texts(reading) >= {"said on the phone", "in the group", "said in Telegram", "said in an export"}
        assert {(origin.reader, origin.name) for origin in origins_of(reading.archive)} == {
            ("whatsapp_android", "msgstore.db"),
            ("telegram", "tg/result.json"),
            ("whatsapp_text", "WhatsApp Chat with Zoe.zip"),
        }
        assert "Ann Saved" in {name for (name,) in reading.archive.execute("SELECT name FROM participants")}
        # Media are fetched from the file that each of them lies in.
        archive = Archive(reading.archive)
        media = LocalMedia(archive, reading.opened.sources, NativeCrypto())
        found = [archive.media_by_id(id) for (id,) in reading.archive.execute("SELECT id FROM media WHERE source >= 0")]
        assert sorted(asyncio.run(media.fetch(row)) for row in found if row) == [
            b"\xff\xd8\xffpicture", b"\xff\xd8\xffsent"
        ]  # fmt: skip


def test_a_chat_that_both_have_is_one_chat() -> None:
    both = modern(message(2, 1, 0, "a text that stands in both backups"), message(3, 1, 0, "only on the phone"))
    export = "14/11/2023, 22:13 - Ann Saved: a text that stands in both backups\n14/11/2023, 22:19 - You: only here\n"
    files = {
        "msgstore.db": both,
        "wa.db": contacts(p999111="Ann Saved"),
        "WhatsApp Chat with Ann Saved.txt": export.encode(),
    }
    with read(files) as reading:
        chats = {chat.title: chat.messages for chat in reading.found.chats}
        assert chats["Ann Saved"] == 3
        assert {(origin.reader, origin.messages, origin.only) for origin in origins_of(reading.archive)} == {
            ("whatsapp_android", 2, 1), ("whatsapp_text", 2, 1),
        }  # fmt: skip


def test_an_export_that_was_sent_in_a_chat_stays_a_document() -> None:
    files = {
        "WhatsApp/Databases/msgstore.db": DATABASE,
        "WhatsApp/Media/WhatsApp Documents/WhatsApp Chat with Zoe.txt": EXPORT.encode(),
        "readme.txt": b"nothing",
    }
    with read(files) as reading:
        assert reading.source == "whatsapp_android"
        assert "said in an export" not in texts(reading)


def test_an_increment_finds_its_full_backup_among_other_kinds() -> None:
    row = {
        "_id": 9,
        "chat_row_id": 1,
        "from_me": 0,
        "key_id": "K9",
        "timestamp": 1,
        "message_type": 0,
        "text_data": "n",
    }
    files = {
        "msgstore-increment-1.crypt15": crypt15(increment([{"message": [row]}])),
        "msgstore.db": DATABASE,
        "result.json": json.dumps(json.loads(TELEGRAM)).encode(),
    }
    with read(files) as reading:
        assert texts(reading) == {"said on the phone", "in the group", "said in Telegram", "n"}

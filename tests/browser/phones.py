"""A phone's own backup and a text export of one of its chats: albums, media that are gone, a history in two files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import fixtures_msgstore as store
from tests.browser.exports import png

COLOURS = ((30, 110, 190), (200, 90, 40), (60, 140, 80), (150, 60, 140), (220, 180, 60), (90, 90, 100))
#: Pictures of the album, of which the last is not in the folder; the fourth has words of its own.
ALBUM = tuple(f"IMG-20231115-WA000{number}.png" for number in range(1, 8))
CAPTION = "the lighthouse at last"
GROUP = "The walk"
_IMAGE, _TEXT, _ALBUM = 1, 0, 99


def _medium(message: int, name: str) -> str:
    path = f"Media/WhatsApp Images/{name}"
    return f"INSERT INTO message_media (message_row_id, file_path, mime_type) VALUES ({message}, '{path}', 'image/png')"


def _group() -> list[str]:
    """Chat 2, and a word in chat 1. Ids are seconds."""
    said = [
        store.message(10, 2, _TEXT, "Did anyone take pictures?", sender=1),
        store.message(20, 2, _ALBUM, sender=4),
        *(store.message(21 + at, 2, _IMAGE, CAPTION if at == 3 else "", sender=4) for at in range(len(ALBUM))),
        store.message(40, 2, _TEXT, "What a day. Thank you all!", sender=1),
        store.message(41, 2, _TEXT, "The last one is for the wall", sender=1),
        store.message(50, 2, _IMAGE, "on my own", sender=4),
        store.message(55, 2, _TEXT, "Lovely, all of them", me=True),
        store.message(60, 1, _TEXT, "Home safely?", me=True),
    ]
    media = [_medium(21 + at, name) for at, name in enumerate(ALBUM)]
    albums = "CREATE TABLE message_album_message (child_message_row_id INTEGER, parent_message_row_id INTEGER)"
    inside = [f"INSERT INTO message_album_message VALUES ({21 + at}, 20)" for at in range(len(ALBUM))]
    reaction = [
        "INSERT INTO message_add_on (_id, from_me, sender_jid_row_id, parent_message_row_id, message_add_on_type)"
        " VALUES (1, 0, 1, 22, 56)",
        "INSERT INTO message_add_on_reaction VALUES (1, '😍', 0)",
    ]
    return [*said, *media, _medium(50, "IMG-20231115-WA0009.png"), albums, *inside, *reaction]


def backup(folder: Path) -> Path:
    """A folder with `msgstore.db`, `wa.db` and its media, as copied from a phone."""
    phone = folder / "WhatsApp"
    images = phone / "Media" / "WhatsApp Images"
    images.mkdir(parents=True)
    for name, colour in zip(ALBUM, COLOURS, strict=False):
        (images / name).write_bytes(png(320, 240, *colour))
    (images / "IMG-20231115-WA0009.png").write_bytes(png(240, 320, 120, 160, 200))
    (phone / "msgstore.db").write_bytes(store.modern(*_group()))
    (phone / "wa.db").write_bytes(store.contacts(_999111="Ann Merrow", _999222="Ben Oakes"))
    return phone


def text_export(folder: Path) -> Path:
    """The same group as another phone exported it, which goes on for a day."""
    began = datetime.fromtimestamp(store.DAY / 1000, UTC)

    def line(seconds: int, words: str) -> str:
        return f"{began + timedelta(seconds=seconds):%d/%m/%Y, %H:%M} - {words}\n"

    path = folder / f"WhatsApp Chat with {GROUP}.txt"
    path.write_text(
        line(10, "Ann Merrow: Did anyone take pictures?")
        + line(40, "Ann Merrow: What a day. Thank you all!")
        + line(41, "Ann Merrow: The last one is for the wall")
        + line(55, "Olive Owner: Lovely, all of them")
        + line(86_400, "Ben Oakes: Same again next year?")
    )
    return path

"""Albums in an export."""

import re
import sqlite3

from tests.unit.export.exporting import Tags, exported_all
from webapp.engine.archive import Archive, ArchiveWriter
from webapp.engine.readers.details import InAlbum, Reaction
from webapp.engine.readers.events import Chat, ChatEnd, Event, Kind, Media, Message, Participant


def test_the_pictures_of_an_album_stand_in_one_bubble_and_keep_their_places() -> None:
    connection = sqlite3.connect(":memory:")
    told: list[Event] = [Chat(1, "Ann", "whatsapp", "p", False, None), Participant(1, 1, "Ann")]
    told += [Media(n, 1, 0, "z", f"{n}.jpg", f"{n}.jpg", "", Kind.IMAGE, "image/jpeg", 3) for n in range(1, 4)]
    told.append(Media(4, 1, None, "", "", "gone.jpg", "", Kind.IMAGE, "image/jpeg", 0))
    told.append(Message(1, 0, 1_653_040_800_000, Kind.ALBUM, 1, "", key="A"))
    for n in range(1, 5):
        inside = (InAlbum("A"), *((Reaction(1, "\N{GRINNING FACE}"),) if n == 2 else ()))
        told.append(Message(1, n, 1_653_040_800_000 + n, Kind.IMAGE, 1, f"caption {n}", media=n, details=inside))
    told += [Message(1, 9, 1_653_040_900_000, Kind.TEXT, 1, "after"), ChatEnd(1, False, None)]
    ArchiveWriter(connection).write(told)
    files = exported_all(Archive(connection), "html")
    page = next(content.decode() for path, content in files.items() if path.startswith("001"))
    album, after = re.findall(r"<article.*?</article>", page, re.S)
    assert [address for address in Tags(album).sources if address] == [f"media/{n}-{n}.jpg" for n in range(1, 4)]
    assert "gone.jpg is not in the backup" in album
    assert [f"caption {n}" in album for n in range(1, 5)] == [True] * 4
    assert "\N{GRINNING FACE}" in album
    assert len(Tags(album).ids) == 5
    assert "after" in after
    connection.close()

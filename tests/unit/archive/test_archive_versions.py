"""Archives of version 1, as older snapshots hold them, still open."""

import sqlite3
from pathlib import Path

import pytest

from webapp.engine.archive import Archive, Search, load, open_file, to_bytes
from webapp.engine.archive.connection import ArchiveUnreadable
from webapp.engine.archive.schema import APPLICATION_ID
from webapp.engine.readers.details import Place

# The first edition's tables, word for word but for the comments.
VERSION_1 = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
CREATE TABLE chats (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, app TEXT NOT NULL, path TEXT NOT NULL, floating INTEGER NOT NULL,
    is_group INTEGER NOT NULL DEFAULT 0, owner INTEGER, date_order TEXT, date_certain INTEGER, date_reason TEXT,
    messages INTEGER NOT NULL DEFAULT 0, media INTEGER NOT NULL DEFAULT 0, first INTEGER, last INTEGER,
    last_message INTEGER
);
CREATE TABLE participants (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, name TEXT NOT NULL, phone TEXT);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, timestamp INTEGER NOT NULL, sequence INTEGER NOT NULL,
    kind TEXT NOT NULL, sender INTEGER, text TEXT NOT NULL, detail TEXT NOT NULL, edited INTEGER NOT NULL,
    media INTEGER, latitude REAL, longitude REAL
);
CREATE TABLE media (
    id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, source INTEGER, source_name TEXT NOT NULL, member TEXT NOT NULL,
    name TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL
);
CREATE TABLE unknown (chat INTEGER, what TEXT NOT NULL, count INTEGER NOT NULL);
INSERT INTO chats VALUES (1, 'Ann', 'whatsapp', 'a.zip/_chat.txt', 1, 0, 2, 'DMY', 0, 'default', 3, 1, 1000, 3000, 9);
INSERT INTO participants VALUES (1, 1, 'Ann', NULL), (2, 1, '+49 170 1', '+491701');
INSERT INTO messages VALUES
    (7, 1, 1000, 0, 'text', 1, 'hello there', '', 1, NULL, NULL, NULL),
    (8, 1, 2000, 1, 'location', 2, 'here', '', 0, NULL, 51.5, -0.1),
    (9, 1, 3000, 2, 'image', 2, '', '', 0, 1, NULL, NULL);
INSERT INTO media VALUES (1, 1, 0, 'a.zip', 'p.jpg', 'p.jpg', '', 'image', 'image/jpeg', 5);
INSERT INTO unknown VALUES (1, 'leading_text', 2);
CREATE INDEX messages_in_order ON messages (chat, timestamp, sequence);
CREATE INDEX messages_with_media ON messages (chat, timestamp, sequence) WHERE media IS NOT NULL;
CREATE INDEX messages_of_media ON messages (media) WHERE media IS NOT NULL;
CREATE INDEX participants_of_chat ON participants (chat);
CREATE INDEX media_of_chat ON media (chat);
CREATE INDEX media_by_file ON media (source_name, member);
"""
INDEX_1 = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
CREATE VIRTUAL TABLE words USING fts5 (
    text, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc So'"
);
CREATE TABLE positions (position INTEGER PRIMARY KEY, message INTEGER NOT NULL);
INSERT INTO words (rowid, text) VALUES (1, 'hello there'), (2, 'here');
INSERT INTO positions VALUES (1, 7), (2, 8), (3, 9);
"""


def made(statements: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(statements)
    data = to_bytes(connection)
    connection.close()
    return data


def test_an_archive_of_version_1_opens_with_everything_in_it() -> None:
    archive = Archive(load(made(VERSION_1)))
    (chat,) = archive.chats()
    assert (chat.title, chat.messages, chat.media, chat.owner, chat.date_order) == ("Ann", 3, 1, 2, "DMY")
    assert {person.name: (person.phone, person.messages) for person in archive.participants(1)} == {
        "Ann": ("", 1),
        "+49 170 1": ("+491701", 2),
    }
    rows = archive.slice(1, 0, 10)
    assert [(row.id, row.kind, row.text, row.edited) for row in rows] == [
        (7, "text", "hello there", True),
        (8, "location", "here", False),
        (9, "image", "", False),
    ]
    assert archive.details(rows)[8].place == Place(51.5, -0.1)
    assert rows[2].media is not None
    assert rows[2].media.member == "p.jpg"
    assert archive.connection.execute("SELECT * FROM unknown").fetchall() == [(1, "leading_text", 2, "")]
    with pytest.raises(sqlite3.OperationalError):
        archive.connection.execute("DELETE FROM messages")
    archive.connection.close()


def test_the_file_of_an_old_archive_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    path.write_bytes(made(VERSION_1))
    before = path.read_bytes()
    connection = open_file(str(path))
    assert Archive(connection).chats()[0].messages == 3
    connection.close()
    assert path.read_bytes() == before


def test_an_old_search_index_serves_the_old_archive() -> None:
    connection = load(made(VERSION_1))
    hits = Search(connection, made(INDEX_1)).find("hello").hits
    assert [hit.message.id for hit in hits] == [7]
    connection.close()


def test_an_old_archive_that_lacks_a_table_is_refused() -> None:
    with pytest.raises(ArchiveUnreadable):
        load(
            made(VERSION_1.replace("CREATE TABLE unknown", "CREATE TABLE other").replace("INTO unknown", "INTO other"))
        )

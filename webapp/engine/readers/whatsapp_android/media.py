"""Files that messages show: where they are among the chosen ones, by the path that the phone kept."""

import sqlite3
from collections.abc import Sequence

from webapp.engine.errors import CofferError
from webapp.engine.readers.items import Item
from webapp.engine.readers.mime import HEAD, UNKNOWN, mime_of
from webapp.engine.readers.whatsapp_android.attached import Attached, start_anew
from webapp.engine.readers.whatsapp_android.types import MESSAGE_TYPES

LARGEST_THUMBNAIL = 16 << 10
MOST_THUMBNAIL_BYTES = 48 << 20
"""Small pictures are kept for media that are not at hand, so many as do not swell the archive."""

NAME_OF = "name_of(CAST({path} AS BLOB))"
"""The last part of a path, in well-formed text."""


def offer_files(archive: sqlite3.Connection, items: Sequence[Item]) -> None:
    """`temp.files`: the files at hand by the end of their path from `Media/` on, and by a name only one of them has.
    From then on SQL knows NAME_OF."""
    start_anew(
        archive,
        files="path TEXT PRIMARY KEY, source INTEGER, source_name TEXT, member TEXT, mime TEXT, size INTEGER",
        types="type INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL",
    )
    archive.create_function("name_of", 1, _name_of, deterministic=True)
    archive.executemany(
        "INSERT INTO temp.types VALUES (?, ?, ?)",
        [(number, kind.value, detail) for number, (kind, detail) in MESSAGE_TYPES.items()],
    )
    names: dict[str, int] = {}
    for item in items:
        names[item.name] = names.get(item.name, 0) + 1
    for item in items:
        where = f"/{item.path}"
        tail = where[where.rfind("/Media/") + 1 :] if "/Media/" in where else ""
        row = (
            item.source_index,
            item.source.name,
            item.path if item.member else "",
            _type_of(item),
            item.size,
        )
        for key in {tail, item.name if names[item.name] == 1 else ""} - {""}:
            archive.execute("INSERT OR IGNORE INTO temp.files VALUES (?, ?, ?, ?, ?, ?)", (key, *row))


def _name_of(path: bytes | None) -> str | None:
    return None if path is None else path.decode("utf-8", "replace").rpartition("/")[2]


def _type_of(item: Item) -> str:
    try:
        return mime_of(item.head(HEAD), item.name)
    except CofferError:
        return UNKNOWN


def copy_media(archive: sqlite3.Connection, database: Attached) -> None:
    """One medium for every row of `message_media`, under the id of its message."""
    if not database.has("message_media", "message_row_id"):
        return

    def column(name: str, otherwise: str = "NULL") -> str:
        return database.column("message_media", name, otherwise, alias="f")

    def number(name: str) -> str:
        return f"nullif(CAST({column(name)} AS INTEGER), 0)"

    path, mime = f"CAST({column('file_path')} AS TEXT)", f"CAST({column('mime_type')} AS TEXT)"
    origin = database.column("message", "origin", "0", alias="m")
    title = f"coalesce(CAST({column('media_name')} AS TEXT), '')"
    archive.execute(
        "INSERT INTO media (id, chat, source, source_name, member, name, title, kind, mime, size, width, height,"
        " duration, sha256) SELECT m._id, CAST(m.chat_row_id AS INTEGER), h.source, coalesce(h.source_name, ''),"
        f" coalesce(h.member, ''), coalesce({NAME_OF.format(path=path)}, nullif({title}, ''), ''),"
        f" {title} || CASE WHEN m.message_type = 9 AND {number('page_count')} > 0 AND {title} <> ''"
        f" THEN ' • ' || {number('page_count')} || CASE {number('page_count')} WHEN 1 THEN ' page' ELSE ' pages' END"
        " ELSE '' END,"
        f" CASE WHEN m.message_type = 2 AND {origin} = 1 THEN 'voice' ELSE coalesce(t.kind, 'document') END,"
        f" coalesce(h.mime, nullif(substr({mime}, 1, instr({mime} || ';', ';') - 1), ''), '{UNKNOWN}'),"
        f" coalesce(h.size, {number('file_size')}, {number('file_length')}, 0), {number('width')}, {number('height')},"
        f" {number('media_duration')}, coalesce(CAST({column('file_hash')} AS TEXT), '')"
        f" FROM {database.table('message_media')} f"
        f" CROSS JOIN {database.table('message')} m ON m._id = f.message_row_id"
        f" LEFT JOIN temp.types t ON t.type = m.message_type"
        f" LEFT JOIN temp.files h ON h.path = coalesce((SELECT path FROM temp.files WHERE path = {path}),"
        f" {NAME_OF.format(path=path)})"
        " WHERE m.chat_row_id > 0"
    )


def copy_thumbnails(archive: sqlite3.Connection, database: Attached) -> None:
    """Small pictures of media that are not at hand."""
    for table, condition in (
        ("message_thumbnail", "JOIN media f ON f.id = t.message_row_id"),
        ("media_hash_thumbnail", "JOIN media f ON f.sha256 = t.media_hash AND f.sha256 <> ''"),
    ):
        if not database.has(table, "thumbnail"):
            continue
        used = archive.execute("SELECT coalesce(sum(length(bytes)), 0) FROM thumbnails").fetchone()[0]
        archive.execute(
            "INSERT OR IGNORE INTO thumbnails SELECT id, bytes FROM (SELECT f.id AS id, t.thumbnail AS bytes,"
            f" sum(length(t.thumbnail)) OVER (ORDER BY f.id DESC) AS total FROM {database.table(table)} t {condition}"
            " WHERE typeof(t.thumbnail) = 'blob' AND length(t.thumbnail) BETWEEN 1 AND ? AND f.source IS NULL)"
            " WHERE total <= ?",
            (LARGEST_THUMBNAIL, MOST_THUMBNAIL_BYTES - used),
        )

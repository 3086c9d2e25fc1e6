"""Albums: pictures sent together, shown in the bubble of the album's own message.

A picture or video stands in the grid where it comes from the album's sender and has nothing that needs a bubble of its
own: no quote, nothing to be viewed once.
"""

import sqlite3
from collections.abc import Sequence

# `t` is a row of `albums`, `c` the picture, `a` the album's own message.
# CROSS JOIN: in this order, else SQLite may walk through all media of a chat for each album.
_JOINS = "CROSS JOIN messages c ON c.id = t.message CROSS JOIN messages a ON a.id = t.album"
_SHOWN_THERE = (
    "a.id <> c.id AND a.chat = c.chat AND a.sender = c.sender AND a.kind NOT IN ('deleted', 'system') AND a.detail = ''"
    " AND c.kind IN ('image', 'video', 'gif') AND c.media IS NOT NULL AND c.detail = ''"
    " AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.message = c.id)"
)
IN_ALBUMS = f"""
    SELECT t.message, t.album, EXISTS (SELECT 1 FROM messages c CROSS JOIN messages a ON a.id = t.album
        WHERE c.id = t.message AND {_SHOWN_THERE})
    FROM albums t
"""
"""Rows of `albums` with whether the picture stands in the album's grid; to be narrowed by `t.message`."""


def tiles_of(connection: sqlite3.Connection, albums: Sequence[int]) -> list[tuple[int, int]]:
    """(album, message) of what stands in the grids of these albums beside their own messages, in the order of time."""
    marks = ",".join("?" * len(albums))
    return connection.execute(
        f"SELECT t.album, c.id FROM albums t {_JOINS} WHERE t.album IN ({marks}) AND {_SHOWN_THERE}"
        " ORDER BY c.timestamp, c.sequence",
        albums,
    ).fetchall()


def album_around(connection: sqlite3.Connection, message: int) -> int | None:
    """The album in whose grid a message stands."""
    found = connection.execute(
        f"SELECT t.album FROM albums t {_JOINS} WHERE t.message = ? AND {_SHOWN_THERE}", (message,)
    ).fetchone()
    return None if found is None else int(found[0])

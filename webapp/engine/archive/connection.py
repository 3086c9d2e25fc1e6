"""Opening archives: as files natively, as bytes held in memory in the browser."""

import sqlite3

from webapp.engine.archive.schema import APPLICATION_ID, SEARCH_VERSION, VERSION
from webapp.engine.archive.upgrade import OLD_VERSION, upgrade
from webapp.engine.errors import CofferError


class ArchiveUnreadable(CofferError):
    """The bytes are no archive, or one of another version. data: {version}."""

    code = "archive_unreadable"
    message = "The archive of this backup cannot be read by this version of Coffer."
    next_step = "Reload the page to get the newest version; the original files can be downloaded all the same."


def fresh(target: str | sqlite3.Connection) -> sqlite3.Connection:
    """A connection to write a new database into: a path (must not exist yet, or be empty) or a connection.

    A half-written archive is thrown away and made again, so no journal is kept.
    """
    connection = sqlite3.connect(target) if isinstance(target, str) else target
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def to_bytes(connection: sqlite3.Connection) -> bytes:
    """The whole database as bytes, to be sealed or kept."""
    return bytes(connection.serialize())


def load(data: bytes) -> sqlite3.Connection:
    """An archive held in memory, for reading. Raises ArchiveUnreadable."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.deserialize(data)
    except sqlite3.Error as error:
        connection.close()
        raise ArchiveUnreadable from error
    return _checked(connection)


def open_file(path: str) -> sqlite3.Connection:
    """An archive in a file, for reading; one of an older version is copied into memory. Raises ArchiveUnreadable."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == OLD_VERSION:
            copy = sqlite3.connect(":memory:", isolation_level=None)
            connection.backup(copy)
            connection.close()
            connection = copy
    except sqlite3.Error as error:
        connection.close()
        raise ArchiveUnreadable from error
    return _checked(connection)


def attach_search(connection: sqlite3.Connection, index: bytes | str) -> int:
    """Adds a search index (bytes, or a path) to an archive's connection as the schema `search`; returns its version,
    the present one or an older. Raises ArchiveUnreadable.
    """
    try:
        if isinstance(index, bytes):
            connection.execute("ATTACH ':memory:' AS search")
            connection.deserialize(index, name="search")
        else:
            connection.execute("ATTACH ? AS search", (index,))
        version = int(connection.execute("PRAGMA search.user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise ArchiveUnreadable from error
    if not 1 <= version <= SEARCH_VERSION:
        raise ArchiveUnreadable(data={"version": version})
    return version


def _checked(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if (application, version) == (APPLICATION_ID, OLD_VERSION):
            upgrade(connection)
            version = VERSION
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error as error:
        connection.close()
        raise ArchiveUnreadable from error
    if (application, version) != (APPLICATION_ID, VERSION):
        connection.close()
        raise ArchiveUnreadable(data={"version": version})
    return connection

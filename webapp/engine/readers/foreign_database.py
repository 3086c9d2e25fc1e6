"""Opening SQLite databases that a phone (or somebody hostile) wrote: read only, in memory, within bounds.

A database in WAL mode cannot be opened from memory as it stands, so its log is applied here (SQLite's file format,
sections 1.3 and 4) and the copy is marked as having none. Nothing the file's schema says is trusted: no view, no
trigger, no attached files, no extension, and a budget of steps for every question.
"""

import sqlite3
import struct
from collections.abc import Iterator

from webapp.engine.errors import CofferError
from webapp.engine.readers.items import Item

MAGIC = b"SQLite format 3\x00"
LARGEST_DATABASE = 1 << 30
"""Bytes. The database is held in memory, and in a browser all memory of the engine ends below 2 GiB."""

LARGEST_LOG = 256 << 20
STEPS_PER_ROUND = 100_000
MOST_ROUNDS = 100_000
"""Together ten thousand million virtual-machine steps: hours of an honest reading never come near it."""

_LOG_MAGIC = (0x377F0682, 0x377F0683)
_LOG_HEADER = struct.Struct(">8I")
_LOG_FRAME = struct.Struct(">6I")
_MODES = slice(18, 20)


class DatabaseDamaged(CofferError):
    """SQLite cannot read the file. data: {file}."""

    code = "database_damaged"
    next_step = "Copy the file from the phone again, then choose the new copy."

    def __init__(self, file: str) -> None:
        super().__init__("The chat database is damaged: parts of it cannot be read.", data={"file": file})


class DatabaseTooLarge(CofferError):
    """More bytes than are read into memory. data: {bytes, limit}."""

    code = "database_too_large"
    next_step = "Read this backup with the command line, or choose a smaller one."

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The chat database is too large to be read here ({size} bytes; the most is {limit}).",
            data={"bytes": size, "limit": limit},
        )


class DatabaseImplausible(CofferError):
    """A question took more steps than any real database needs, or a value is absurdly large. data: {file}."""

    code = "database_implausible"
    next_step = "Choose the database that the phone wrote, not one from somewhere else."

    def __init__(self, file: str) -> None:
        super().__init__(
            "The chat database was not read to its end, because it asks for implausibly much work.", data={"file": file}
        )


FAILURES = (sqlite3.Error, UnicodeError, OverflowError, MemoryError)
"""What a question to a foreign database may raise."""


def failure_of(error: BaseException, file: str) -> DatabaseDamaged | DatabaseImplausible:
    """One of FAILURES → the typed error. A question that was interrupted had used up its steps."""
    spent = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return DatabaseImplausible(file) if spent or isinstance(error, sqlite3.DataError) else DatabaseDamaged(file)


def distrust(connection: sqlite3.Connection) -> None:
    """From now on no view or trigger of a schema runs (temporary ones do), no function is called that a schema names,
    and damage within a page is noticed (sqlite.org/security.html)."""
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False)
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False)
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
    connection.execute("PRAGMA cell_size_check = ON")


def is_sqlite(head: bytes) -> bool:
    """Whether a file's first bytes are those of an SQLite database."""
    return head.startswith(MAGIC)


class ForeignDatabase:
    """A database of unknown origin, to be asked read-only questions. Close it after use."""

    def __init__(self, item: Item, log: Item | None = None) -> None:
        """`log`: the `-wal` beside it, which may be None or empty. Raises DatabaseTooLarge, DatabaseDamaged and what
        reading the item raises."""
        self.file = item.name
        self.connection = _loaded(content_with_log(item, log), item.name)
        self._rounds = 0
        self.connection.set_progress_handler(self._step, STEPS_PER_ROUND)
        self._columns: dict[str, frozenset[str]] = {}

    def close(self) -> None:
        """Gives the memory back."""
        self.connection.close()

    def __enter__(self) -> "ForeignDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def columns(self, table: str) -> frozenset[str]:
        """The names of a table's columns in capitals; empty where there is no such table."""
        if table not in self._columns:
            rows = self.rows("SELECT upper(name) FROM pragma_table_info(?)", (table,))
            self._columns[table] = frozenset(str(name) for (name,) in rows)
        return self._columns[table]

    def column(self, table: str, name: str, otherwise: str = "NULL") -> str:
        """`"table"."name"` where that column exists, else the expression `otherwise`."""
        return f'"{table}"."{name}"' if name.upper() in self.columns(table) else otherwise

    def rows(self, query: str, parameters: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
        """The rows of one question. Raises DatabaseDamaged, DatabaseImplausible."""
        try:
            yield from self.connection.execute(query, parameters)
        except FAILURES as error:
            raise failure_of(error, self.file) from None

    def _step(self) -> bool:
        self._rounds += 1
        return self._rounds > MOST_ROUNDS


def content_with_log(item: Item, log: Item | None) -> bytearray:
    """A database's bytes with its log applied. Raises DatabaseTooLarge, DatabaseDamaged."""
    if item.size > LARGEST_DATABASE:
        raise DatabaseTooLarge(item.size, LARGEST_DATABASE)
    content = bytearray()
    for piece in item.pieces():
        content += piece
    if len(content) < 100 or not is_sqlite(bytes(content[:16])):
        raise DatabaseDamaged(item.name)
    if log is not None and log.size > _LOG_HEADER.size:
        if log.size > LARGEST_LOG:
            raise DatabaseTooLarge(log.size, LARGEST_LOG)
        _apply(b"".join(log.pieces()), content)
    content[_MODES] = b"\x01\x01"
    return content


def _apply(log: bytes, content: bytearray) -> None:
    """Writes the log's committed pages over `content`. A log that is not this database's, or is cut short, counts up to
    its last good commit, as SQLite takes it."""
    magic, version, page_size, _, salt1, salt2, check1, check2 = _LOG_HEADER.unpack_from(log)
    order = ">" if magic & 1 else "<"
    if magic not in _LOG_MAGIC or version != 3007000 or not 512 <= page_size <= 65536 or page_size & (page_size - 1):
        return
    sums = _checksum(order, log[:24], (0, 0))
    if sums != (check1, check2):
        return
    waiting: dict[int, int] = {}
    for start in range(_LOG_HEADER.size, len(log) - _LOG_FRAME.size - page_size + 1, _LOG_FRAME.size + page_size):
        number, pages, frame1, frame2, check1, check2 = _LOG_FRAME.unpack_from(log, start)
        body = start + _LOG_FRAME.size
        if (frame1, frame2) != (salt1, salt2):
            return
        sums = _checksum(order, log[body : body + page_size], _checksum(order, log[start : start + 8], sums))
        if sums != (check1, check2) or number == 0:
            return
        waiting[number] = body
        if not pages:
            continue
        if pages * page_size > LARGEST_DATABASE:
            raise DatabaseTooLarge(pages * page_size, LARGEST_DATABASE)
        _resize(content, pages * page_size)
        for page, at in waiting.items():
            if page <= pages:
                content[(page - 1) * page_size : page * page_size] = log[at : at + page_size]
        waiting.clear()


def _resize(content: bytearray, size: int) -> None:
    if len(content) > size:
        del content[size:]
    else:
        content += bytes(size - len(content))


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """SQLite's running checksum over pairs of 32-bit words (file format, section 4.2)."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


def _loaded(content: bytearray, file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for limit, value in (
            (sqlite3.SQLITE_LIMIT_LENGTH, 64 << 20),
            (sqlite3.SQLITE_LIMIT_COLUMN, 2000),
            (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
            (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0),
            (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
        ):
            connection.setlimit(limit, value)
        connection.deserialize(content)
        distrust(connection)
        connection.execute("PRAGMA query_only = ON")
        # Broken text is shown with U+FFFD instead of ending the reading.
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except FAILURES:
        connection.close()
        raise DatabaseDamaged(file) from None
    return connection

"""The normalised archive that the viewer reads, whatever app the chats came from.

Two SQLite files: the **archive** (chats, participants, messages, media) and its **search index**, apart from each other
so that a restore can show chats after fetching the archive alone. For the same input both are the same bytes under the
same SQLite: nothing in them tells when or where they were made.
"""

from webapp.engine.archive.connection import load, open_file, to_bytes
from webapp.engine.archive.merging import merge
from webapp.engine.archive.queries import Archive
from webapp.engine.archive.rows import ChatRow, Cursor, MediaRow, MessageDetails, MessageRow, Page, ParticipantRow
from webapp.engine.archive.search import Filter, Hit, HitPage, Search
from webapp.engine.archive.search_index import build_search_index
from webapp.engine.archive.statistics import Statistics, origins_of, statistics_of
from webapp.engine.archive.summary import Found, FoundChat, found_in
from webapp.engine.archive.writer import ArchiveWriter, begin, finish

__all__ = [
    "Archive",
    "ArchiveWriter",
    "ChatRow",
    "Cursor",
    "Filter",
    "Found",
    "FoundChat",
    "Hit",
    "HitPage",
    "MediaRow",
    "MessageDetails",
    "MessageRow",
    "Page",
    "ParticipantRow",
    "Search",
    "Statistics",
    "begin",
    "build_search_index",
    "finish",
    "found_in",
    "load",
    "merge",
    "open_file",
    "origins_of",
    "statistics_of",
    "to_bytes",
]

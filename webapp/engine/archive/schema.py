"""The archive's tables. Times are milliseconds since 1970-01-01, in a floating chat those of the phone's wall clock.

Ids are those of the reading (`engine.readers.events`).
"""

VERSION = 1
"""`PRAGMA user_version`; a reader refuses other numbers."""

APPLICATION_ID = 0x436F6672
"""`PRAGMA application_id`: "Cofr"."""

TABLES = """
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    app TEXT NOT NULL,
    path TEXT NOT NULL,              -- where its text was found: source name, member within a zip
    floating INTEGER NOT NULL,       -- 1: times carry no zone
    is_group INTEGER NOT NULL DEFAULT 0,
    owner INTEGER,                   -- participant whose phone made the export, where known
    date_order TEXT,                 -- DMY, MDY, YMD; NULL where dates were not guessed
    date_certain INTEGER,
    date_reason TEXT,
    messages INTEGER NOT NULL DEFAULT 0,
    media INTEGER NOT NULL DEFAULT 0,
    first INTEGER,                   -- time of the earliest and latest message
    last INTEGER,
    last_message INTEGER             -- shown in the list of chats
);
CREATE TABLE participants (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    name TEXT NOT NULL,
    phone TEXT
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    sequence INTEGER NOT NULL,       -- place in the source; breaks ties of time
    kind TEXT NOT NULL,
    sender INTEGER,                  -- participant; NULL for lines of the app's own
    text TEXT NOT NULL,
    detail TEXT NOT NULL,
    edited INTEGER NOT NULL,
    media INTEGER,
    latitude REAL,
    longitude REAL
);
CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    source INTEGER,                  -- index of the file given; NULL: named in the chat, but not there
    source_name TEXT NOT NULL,
    member TEXT NOT NULL,            -- path within that zip; empty for a lone file
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    size INTEGER NOT NULL
);
CREATE TABLE unknown (
    chat INTEGER,
    what TEXT NOT NULL,
    count INTEGER NOT NULL
);
"""

# Made after the rows are in: building an index once is cheaper than keeping it up.
INDEXES = """
CREATE INDEX messages_in_order ON messages (chat, timestamp, sequence);
CREATE INDEX messages_with_media ON messages (chat, timestamp, sequence) WHERE media IS NOT NULL;
CREATE INDEX messages_of_media ON messages (media) WHERE media IS NOT NULL;
CREATE INDEX participants_of_chat ON participants (chat);
CREATE INDEX media_of_chat ON media (chat);
CREATE INDEX media_by_file ON media (source_name, member);
"""

CHAT_TOTALS = """
UPDATE chats SET
    messages = (SELECT count(*) FROM messages m WHERE m.chat = chats.id),
    media = (SELECT count(*) FROM media f WHERE f.chat = chats.id AND f.source IS NOT NULL),
    first = (SELECT min(timestamp) FROM messages m WHERE m.chat = chats.id),
    last = (SELECT max(timestamp) FROM messages m WHERE m.chat = chats.id),
    last_message = (
        SELECT id FROM messages m WHERE m.chat = chats.id ORDER BY timestamp DESC, sequence DESC LIMIT 1
    )
"""

SEARCH_TABLES = """
CREATE VIRTUAL TABLE words USING fts5 (
    text,
    content = '',
    columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc So'"
);
CREATE TABLE positions (
    position INTEGER PRIMARY KEY,    -- rowid in `words`: rising with time, so that newest first needs no sorting
    message INTEGER NOT NULL
);
"""

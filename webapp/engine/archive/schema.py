"""The archive's tables, second edition (docs/archive.md tells them at length).

Times are milliseconds since 1970-01-01, in a floating chat those of the phone's wall clock; lengths of time are
seconds. Ids are those of the reading (`engine.readers.events`). `messages` is narrow, since it has millions of rows;
what hangs on few messages stands in side tables by message id.

**Filling it without events**, from a source that is SQLite itself: `begin(connection)`, ATTACH the source, one
INSERT … SELECT a table (any order, within one transaction), then `writer.finish(connection)`, which resolves keys,
makes the indexes and the totals. To fill: `origins`, `chats` (up to `muted_until`), `participants`, `members`,
`messages`, `media`, `unknown`, the side tables. To leave to `finish`: totals of chats; `quotes.quoted` and
`albums.album`, wherever a `key` is given; members who wrote and are not listed. Ids may be the source's own where they
are unique and positive.
"""

VERSION = 2
"""`PRAGMA user_version`; archives of version 1 are brought up to date when they are opened."""

APPLICATION_ID = 0x436F6672
"""`PRAGMA application_id`: "Cofr"."""

TABLES = """
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,          -- a file that messages come from
    reader TEXT NOT NULL,            -- who read it: whatsapp_text, whatsapp_android …
    name TEXT NOT NULL,              -- the file's name
    member TEXT NOT NULL DEFAULT ''  -- path within it, where it is a zip
);
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    app TEXT NOT NULL,
    path TEXT NOT NULL,              -- where its text was found: source name, member within a zip
    floating INTEGER NOT NULL,       -- 1: times carry no zone
    is_group INTEGER NOT NULL DEFAULT 0,
    owner INTEGER,                   -- participant whose phone made the backup, where known
    date_order TEXT,                 -- DMY, MDY, YMD; NULL where dates were not guessed
    date_certain INTEGER,
    date_reason TEXT,
    origin INTEGER,                  -- where it was found first
    address TEXT NOT NULL DEFAULT '',-- the app's own name for it (jid), the same in every backup
    description TEXT NOT NULL DEFAULT '',
    created INTEGER,
    creator INTEGER,                 -- participant
    archived INTEGER,                -- NULL: unknown, as for the next two
    pinned INTEGER,
    muted_until INTEGER,             -- 0 not muted, -1 for ever
    messages INTEGER NOT NULL DEFAULT 0,
    media INTEGER NOT NULL DEFAULT 0,
    first INTEGER,                   -- time of the earliest and latest message
    last INTEGER,
    last_message INTEGER             -- shown in the list of chats
);
CREATE TABLE participants (
    id INTEGER PRIMARY KEY,          -- a person, in one chat or in many
    name TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',  -- with its +
    address TEXT NOT NULL DEFAULT '',-- jid
    lid TEXT NOT NULL DEFAULT '',    -- WhatsApp's second name for a person
    name_source TEXT NOT NULL DEFAULT ''  -- saved, pushed, number, or unknown
);
CREATE TABLE members (
    chat INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    rank TEXT NOT NULL DEFAULT '',   -- member, admin, owner, or unknown
    joined INTEGER,
    left INTEGER,                    -- NULL: still there, or unknown
    PRIMARY KEY (chat, participant)
) WITHOUT ROWID;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    sequence INTEGER NOT NULL,       -- place in the source; breaks ties of time
    kind TEXT NOT NULL,
    sender INTEGER,                  -- participant; NULL for lines of the app's own
    text TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    edited INTEGER NOT NULL DEFAULT 0,
    media INTEGER,
    forwarded INTEGER NOT NULL DEFAULT 0,  -- as the app counts hand-overs
    starred INTEGER NOT NULL DEFAULT 0,
    origin INTEGER,                  -- the file it was taken from; further ones in `copies`
    key TEXT NOT NULL DEFAULT ''     -- the source's stable id of the message
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
    size INTEGER NOT NULL,
    width INTEGER,                   -- pixels
    height INTEGER,
    duration INTEGER,                -- seconds
    sha256 TEXT NOT NULL DEFAULT ''  -- base64
);
CREATE TABLE thumbnails (media INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE seals (media INTEGER PRIMARY KEY, seal TEXT NOT NULL);  -- opens a medium that lies encrypted; holds keys
CREATE TABLE unknown (
    chat INTEGER,
    what TEXT NOT NULL,
    count INTEGER NOT NULL,
    detail TEXT NOT NULL DEFAULT ''  -- which one: the number of a type
);
"""

SIDE_TABLES = """
CREATE TABLE copies (
    message INTEGER NOT NULL,        -- the same message, found in a further file too
    origin INTEGER NOT NULL,
    PRIMARY KEY (message, origin)
) WITHOUT ROWID;
CREATE TABLE quotes (
    message INTEGER PRIMARY KEY,
    quoted INTEGER,                  -- message, where it is in the archive
    key TEXT NOT NULL DEFAULT '',    -- its `messages.key`
    sender INTEGER,
    sender_name TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',   -- as the app copied it
    kind TEXT NOT NULL DEFAULT 'text',
    timestamp INTEGER
);
CREATE TABLE reactions (message INTEGER NOT NULL, participant INTEGER, emoji TEXT NOT NULL, timestamp INTEGER);
CREATE TABLE mentions (message INTEGER NOT NULL, participant INTEGER, token TEXT NOT NULL);
CREATE TABLE edits (message INTEGER NOT NULL, timestamp INTEGER, text TEXT);
CREATE TABLE deletions (message INTEGER PRIMARY KEY, participant INTEGER, timestamp INTEGER);
CREATE TABLE polls (message INTEGER PRIMARY KEY, choices INTEGER, ends INTEGER);
CREATE TABLE poll_options (
    message INTEGER NOT NULL,
    number INTEGER NOT NULL,         -- from 0
    text TEXT NOT NULL,
    votes INTEGER,                   -- as the app counted; NULL: count `poll_votes`
    PRIMARY KEY (message, number)
) WITHOUT ROWID;
CREATE TABLE poll_votes (message INTEGER NOT NULL, option INTEGER NOT NULL, participant INTEGER, timestamp INTEGER);
CREATE TABLE calls (
    message INTEGER PRIMARY KEY,
    video INTEGER NOT NULL,
    outcome TEXT NOT NULL,           -- answered, missed, declined, cancelled, failed, unknown
    seconds INTEGER,
    is_group INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE places (
    message INTEGER PRIMARY KEY,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    live_seconds INTEGER
);
CREATE TABLE contact_cards (
    message INTEGER NOT NULL,
    name TEXT NOT NULL,
    phones TEXT NOT NULL DEFAULT '', -- one a line
    vcard TEXT NOT NULL DEFAULT ''
);
CREATE TABLE links (
    message INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT ''
);
CREATE TABLE albums (
    message INTEGER PRIMARY KEY,     -- a picture or video of the album
    album INTEGER,                   -- the album's own message
    key TEXT NOT NULL DEFAULT ''     -- its `messages.key`
);
CREATE TABLE planned_events (
    message INTEGER PRIMARY KEY,
    description TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    starts INTEGER,
    ends INTEGER,
    cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE invites (
    message INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    expires INTEGER
);
CREATE TABLE system_events (
    message INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    arguments TEXT NOT NULL DEFAULT '{}'  -- JSON
);
"""

# Made after the rows are in: building an index once is cheaper than keeping it up.
INDEXES = """
CREATE INDEX messages_in_order ON messages (chat, timestamp, sequence);
CREATE INDEX messages_with_media ON messages (chat, timestamp, sequence) WHERE media IS NOT NULL;
CREATE INDEX messages_of_media ON messages (media) WHERE media IS NOT NULL;
CREATE INDEX members_by_participant ON members (participant);
CREATE INDEX media_of_chat ON media (chat);
CREATE INDEX media_by_file ON media (source_name, member);
CREATE INDEX reactions_of_message ON reactions (message);
CREATE INDEX mentions_of_message ON mentions (message);
CREATE INDEX edits_of_message ON edits (message);
CREATE INDEX poll_votes_of_message ON poll_votes (message);
CREATE INDEX contact_cards_of_message ON contact_cards (message);
CREATE INDEX albums_by_album ON albums (album);
"""

# Most quotes tell when the quoted message was written, which the index finds at once.
RESOLVE_BY_TIME = """
UPDATE quotes SET quoted = (
    SELECT max(m.id) FROM messages a CROSS JOIN messages m INDEXED BY messages_in_order
        ON m.chat = a.chat AND m.timestamp = quotes.timestamp
    WHERE a.id = quotes.message AND m.key = quotes.key
) WHERE key <> '' AND quoted IS NULL AND timestamp IS NOT NULL;
"""

# The keys that are left are looked up in one pass over all messages, without an index over millions of keys. The table
# that is made for it keeps SQLite from asking a whole chat for every quote instead.
RESOLVE_KEYS = """
DROP TABLE IF EXISTS temp.named;
CREATE TEMP TABLE named (key TEXT, chat INTEGER, message INTEGER, PRIMARY KEY (key, chat, message)) WITHOUT ROWID;
INSERT INTO temp.named SELECT q.key, a.chat, q.message FROM quotes q CROSS JOIN messages a ON a.id = q.message
    WHERE q.key <> '' AND q.quoted IS NULL;
UPDATE quotes SET quoted = found.id FROM (
    SELECT n.message, max(m.id) AS id FROM messages m CROSS JOIN temp.named n ON n.key = m.key AND n.chat = m.chat
    WHERE EXISTS (SELECT 1 FROM temp.named) GROUP BY n.message
) AS found WHERE found.message = quotes.message;
DELETE FROM temp.named;
INSERT INTO temp.named SELECT q.key, a.chat, q.message FROM albums q CROSS JOIN messages a ON a.id = q.message
    WHERE q.key <> '' AND q.album IS NULL;
UPDATE albums SET album = found.id FROM (
    SELECT n.message, max(m.id) AS id FROM messages m CROSS JOIN temp.named n ON n.key = m.key AND n.chat = m.chat
    WHERE EXISTS (SELECT 1 FROM temp.named) GROUP BY n.message
) AS found WHERE found.message = albums.message;
DROP TABLE temp.named;
"""

# Whoever wrote is a member, listed or not.
WRITERS = """
INSERT OR IGNORE INTO members (chat, participant)
SELECT DISTINCT chat, sender FROM messages NOT INDEXED WHERE sender IS NOT NULL;
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

SEARCH_VERSION = 2
"""`PRAGMA user_version` of the search index; one of version 1 is made again from the archive."""

SEARCH_TABLES = (
    """CREATE VIRTUAL TABLE {schema}.words USING fts5 (
    text,
    scope,                           -- which chat, whose, which kind: a word each, see `search_index.scope_word`
    content = '',
    columnsize = 0,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc So'"
)""",
    """CREATE TABLE {schema}.positions (
    position INTEGER PRIMARY KEY,    -- rowid in `words`: rising with time, so that newest first needs no sorting
    message INTEGER NOT NULL
)""",
)

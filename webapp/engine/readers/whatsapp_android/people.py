"""jids → persons. A person may have several rows in `jid`: devices, and a second name (lid) beside the phone number."""

import re
import sqlite3
from collections.abc import Iterable, Iterator

from webapp.engine.readers.items import Item
from webapp.engine.readers.whatsapp_android.attached import Attached, start_anew

OWNER_NAME = "You"
_PHONE_SERVERS = "('s.whatsapp.net', 'c.us')"
_NAME_LINE = re.compile(r"^(?:item\d+\.)?FN[^:\r\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_PHONE_LINE = re.compile(r"^(?:item\d+\.)?TEL[^:\r\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_WHATSAPP_NUMBER = re.compile(r"waid=(\d{5,20})", re.IGNORECASE)
LONGEST_CARD = 1 << 16
_FOLDED = re.compile(r"\r?\n[ \t]")


def card_fields(card: str) -> tuple[str, list[str], list[str]]:
    """(name, phones as written, WhatsApp numbers as digits) of one contact card."""
    card = _FOLDED.sub("", card[:LONGEST_CARD])
    name = _NAME_LINE.search(card)
    phones = [phone.strip() for phone in _PHONE_LINE.findall(card)[:100]]
    return (name[1].strip() if name else ""), phones, _WHATSAPP_NUMBER.findall(card)


def _cards(items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """(jid, name) for every number of every card."""
    for item in items:
        text = b"".join(item.pieces()).decode("utf-8", "replace")
        for card in re.split(r"(?im)^BEGIN:VCARD", text)[1:]:
            name, phones, numbers = card_fields(card)
            for phone in [*phones, *numbers] if name else ():
                digits = re.sub(r"\D", "", phone)
                if len(digits) > 5:
                    yield f"{digits}@s.whatsapp.net", name


class People:
    """Fills `participants` and leaves `temp.people` (jid row → person) behind; `owner` is whose phone it was."""

    def __init__(self, archive: sqlite3.Connection, database: Attached | None, first: int) -> None:
        self._archive = archive
        self._database = database
        self._base = first
        self.owner = first
        start_anew(
            archive,
            people="jid INTEGER PRIMARY KEY, person INTEGER NOT NULL",
            saved="address TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL",
            addresses="address TEXT PRIMARY KEY, person INTEGER NOT NULL",
        )

    def contacts(self, contacts: Iterable[Attached], cards: Iterable[Item]) -> None:
        """Learns the names of the phone's contacts. Those of wa.db come before cards."""
        for contact in contacts:
            table, names = "wa_contacts", []
            for column, source in (("display_name", "saved"), ("nickname", "saved"), ("wa_name", "pushed")):
                if contact.has(table, column):
                    names.append((column, source))
            for column, source in names:
                self._archive.execute(
                    f"INSERT OR IGNORE INTO temp.saved SELECT CAST(jid AS TEXT), CAST({column} AS TEXT), ?"
                    f" FROM {contact.table(table)} WHERE coalesce({column}, '') <> ''",
                    (source,),
                )
        self._archive.executemany(
            "INSERT INTO temp.saved VALUES (?, ?, 'saved') ON CONFLICT DO UPDATE SET name = excluded.name,"
            " source = 'saved' WHERE source <> 'saved'",
            _cards(cards),
        )

    def from_jids(self) -> None:
        """A person for every jid of a human being."""
        database = self._database
        if database is None:
            return
        run = self._archive.execute
        jid = database.table("jid")
        raw = database.column("jid", "raw_string", "j.user || '@' || j.server", alias="j")
        run(
            f"INSERT INTO temp.people SELECT j._id, ? + min(j._id) OVER (PARTITION BY j.user, j.server) FROM {jid} j"
            " WHERE j.server IN ('s.whatsapp.net', 'c.us', 'lid') AND j.user <> '' AND j._id > 0",
            (self._base,),
        )
        if database.has("jid_map", "lid_row_id", "jid_row_id"):
            # A lid is the same person as the number it maps to.
            run(
                "UPDATE temp.people SET person = found.person FROM (SELECT own.person AS lid, other.person AS person"
                f" FROM {database.table('jid_map')} m JOIN temp.people own ON own.jid = m.lid_row_id"
                " JOIN temp.people other ON other.jid = m.jid_row_id) AS found WHERE temp.people.person = found.lid"
            )
        pushed = "NULL"
        join = ""
        if database.has("lid_display_name", "lid_row_id", "display_name"):
            join = f"LEFT JOIN {database.table('lid_display_name')} d ON d.lid_row_id = j._id"
            pushed = "CAST(d.display_name AS TEXT)"
        run(
            "INSERT OR IGNORE INTO participants (id, name, phone, address, lid, name_source)"
            " SELECT person, coalesce(saved, pushed_contact, pushed, nullif(phone, ''), address, lid, ''),"
            " coalesce(phone, ''), coalesce(address, lid, ''), coalesce(lid, ''),"
            " CASE WHEN saved IS NOT NULL THEN 'saved' WHEN coalesce(pushed_contact, pushed) IS NOT NULL THEN 'pushed'"
            " WHEN phone IS NOT NULL THEN 'number' ELSE '' END FROM ("
            " SELECT p.person AS person, max(s.name) FILTER (WHERE s.source = 'saved') AS saved,"
            f" max(s.name) FILTER (WHERE s.source = 'pushed') AS pushed_contact, max({pushed}) AS pushed,"
            f" min('+' || j.user) FILTER (WHERE j.server IN {_PHONE_SERVERS} AND j.user NOT GLOB '*[^0-9]*'"
            " AND length(j.user) > 4) AS phone,"
            f" min(CAST({raw} AS TEXT)) FILTER (WHERE j.server IN {_PHONE_SERVERS}) AS address,"
            f" min(CAST({raw} AS TEXT)) FILTER (WHERE j.server = 'lid') AS lid"
            f" FROM temp.people p JOIN {jid} j ON j._id = p.jid"
            f" LEFT JOIN temp.saved s ON s.address = j.user || '@' || j.server {join} GROUP BY p.person)"
        )
        run(
            f"INSERT OR IGNORE INTO temp.addresses SELECT CAST({raw} AS TEXT), p.person FROM temp.people p"
            f" JOIN {jid} j ON j._id = p.jid"
        )

    def add_owner(self) -> None:
        """Whose phone it was; their own name where the database tells it."""
        name = OWNER_NAME
        if self._database is not None and self._database.has("props", "key", "value"):
            row = self._archive.execute(
                f"SELECT CAST(value AS TEXT) FROM {self._database.table('props')} WHERE key = 'user_push_name'"
            ).fetchone()
            name = (row and row[0]) or OWNER_NAME
        self._archive.execute("INSERT INTO participants (id, name) VALUES (?, ?)", (self.owner, name))

    def of_address(self, query: str) -> None:
        """A person for every jid text that `query` gives and nobody has yet: older tables name people like this."""
        run = self._archive.execute
        first = run("SELECT coalesce(max(id), 0) FROM participants").fetchone()[0]
        rows = [
            (number, address)
            for number, (address,) in enumerate(
                run(
                    f"SELECT DISTINCT address FROM ({query}) AS named WHERE address IS NOT NULL"
                    " AND address LIKE '%_@%_' AND address NOT LIKE '%@g.us' AND address NOT LIKE '%@broadcast'"
                    " AND address NOT IN (SELECT address FROM temp.addresses) ORDER BY address"
                ),
                start=first + 1,
            )
        ]
        for number, address in rows:
            user = address.partition("@")[0].partition(":")[0].partition(".")[0]
            phone = f"+{user}" if user.isdigit() and len(user) > 4 and not address.endswith("@lid") else ""
            known = run("SELECT name, source FROM temp.saved WHERE address = ?", (address,)).fetchone()
            name, source = known or (phone or address, "number" if phone else "")
            run(
                "INSERT INTO participants (id, name, phone, address, lid, name_source) VALUES (?, ?, ?, ?, ?, ?)",
                (number, name, phone, address, address if address.endswith("@lid") else "", source),
            )
            run("INSERT INTO temp.addresses VALUES (?, ?)", (address, number))

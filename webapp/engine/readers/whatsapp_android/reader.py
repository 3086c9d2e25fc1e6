"""The reader of WhatsApp on Android: recognised by its tables, copied set by set."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.engine.ports import Progress, Reporter
from webapp.engine.readers.items import Item
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.readers.whatsapp_android.attached import Attached, attach, bounded, start_anew
from webapp.engine.readers.whatsapp_android.calls import copy_calls, say_calls
from webapp.engine.readers.whatsapp_android.chats import add_lost_chats, copy_chats
from webapp.engine.readers.whatsapp_android.details import Details
from webapp.engine.readers.whatsapp_android.finding import Found, find, is_legacy, is_modern
from webapp.engine.readers.whatsapp_android.increments import apply_increments
from webapp.engine.readers.whatsapp_android.legacy import copy_legacy
from webapp.engine.readers.whatsapp_android.media import copy_media, copy_thumbnails, offer_files
from webapp.engine.readers.whatsapp_android.messages import copy_messages, mend_texts
from webapp.engine.readers.whatsapp_android.people import People
from webapp.engine.readers.whatsapp_android.system import copy_system_events

FIRST_PERSON = 1


@dataclass(slots=True)
class WhatsAppAndroid:
    """A message database with its contacts and files. Of several the largest is read; the others are counted."""

    found: Found
    reader: str = field(default="whatsapp_android")

    def fill(self, archive: sqlite3.Connection, options: ReadOptions, report: Reporter) -> None:
        """Copies everything into a begun archive. Raises DatabaseDamaged, DatabaseImplausible, DatabaseTooLarge,
        IncrementDamaged, Cancelled."""
        item, log = max(self.found.messages, key=lambda pair: pair[0].size)
        with bounded(archive, item.name, report):
            attached = [attach(archive, "phone", item, log)]
            contacts = []
            for number, (contact, its_log) in enumerate(self.found.contacts[:4]):
                contacts.append(attach(archive, f"contacts_{number}", contact, its_log))
            attached += contacts
            try:
                archive.execute("BEGIN")
                self._copy(archive, attached[0], contacts, item, report)
                archive.execute("COMMIT")
            finally:
                if archive.in_transaction:
                    archive.execute("ROLLBACK")
                for database in attached:
                    archive.execute(f"DETACH {database.name}")

    def _copy(
        self,
        archive: sqlite3.Connection,
        database: Attached,
        contacts: Sequence[Attached],
        item: Item,
        report: Reporter,
    ) -> None:
        modern, legacy = is_modern(database), is_legacy(database)
        archive.execute(
            "INSERT INTO origins VALUES (1, ?, ?, ?)", (self.reader, item.source.name, item.path if item.member else "")
        )
        if modern:
            apply_increments(archive, database, self.found.increments, report)
        elif self.found.increments:
            counted = ("increment", len(self.found.increments))
            archive.execute("INSERT INTO unknown (chat, what, count) VALUES (NULL, ?, ?)", counted)
        offer_files(archive, self.found.files)
        start_anew(archive, partners="chat INTEGER PRIMARY KEY, person INTEGER")
        people = People(archive, database if modern else None, FIRST_PERSON)
        people.contacts(contacts, self.found.cards)
        people.add_owner()
        if modern:
            people.from_jids()
            copy_chats(archive, database, item.location, people.owner)
            copy_media(archive, database)
            _tell(archive, report)
            copy_messages(archive, database, people.owner)
            _tell(archive, report)
            Details(archive, database, people.owner).copy()
            copy_calls(archive, database, people.owner)
        offset = archive.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0]
        if legacy:
            copy_legacy(archive, database, people, item.location, offset, modern)
            say_calls(archive)
        add_lost_chats(archive, item.location, people.owner)
        mended = mend_texts(archive)
        if modern:
            copy_system_events(archive, database, people.owner)
            copy_thumbnails(archive, database)
        for what, count in (("undecodable_text", mended), ("further_database", len(self.found.messages) - 1)):
            if count:
                archive.execute("INSERT INTO unknown (chat, what, count) VALUES (NULL, ?, ?)", (what, count))
        _tell(archive, report)


def _tell(archive: sqlite3.Connection, report: Reporter) -> None:
    report.check()
    report(Progress("reading", archive.execute("SELECT count(*) FROM messages").fetchone()[0]))


def recognise(items: Sequence[Item]) -> WhatsAppAndroid | None:
    """The databases among `items`, or None. Reads beginnings of files, and the schemas of databases."""
    found = find(items)
    return WhatsAppAndroid(found) if found else None

"""The people of a ChatStorage: jids, and the best name known for each."""

import re
from collections.abc import Iterator

from webapp.engine.readers.events import Member, NameSource, Participant
from webapp.engine.readers.foreign_database import ForeignDatabase

_NUMBER = re.compile(r"(\d{5,20})(?:[.:]\d+)?@s\.whatsapp\.net")
_GROUPS = ("@g.us", "@broadcast", "@newsletter")


class People:
    """Gives every jid one participant; new ones wait in `fresh` until they are told."""

    def __init__(self, chats: ForeignDatabase, contacts: ForeignDatabase | None, ids: Iterator[int]) -> None:
        self._ids = ids
        self._known: dict[str, int] = {}
        self._names: dict[str, tuple[str, NameSource]] = {}
        self._lids: dict[str, str] = {}
        self.fresh: list[Participant] = []
        self._pushed(chats)
        self._saved_in_chats(chats)
        if contacts is not None:
            self._saved(contacts)
        self.owner_jid = _owner(chats)
        self.owner: int | None = None

    def id_of(self, jid: object, name: str = "") -> int | None:
        """The participant for a jid; None for groups and for what is no jid."""
        if not isinstance(jid, str) or "@" not in jid or jid.endswith(_GROUPS):
            return None
        jid = self._lids.get(jid, jid)
        number = self._known.get(jid)
        if number is None:
            number = self._known[jid] = next(self._ids)
            digits = _NUMBER.fullmatch(jid)
            phone = f"+{digits[1]}" if digits else ""
            known, source = self._names.get(jid, (name, "pushed" if name else "number"))
            lid = jid if jid.endswith("@lid") else ""
            self.fresh.append(Participant(number, None, known or phone or jid, phone, jid, lid, source))
        return number

    def me(self) -> int:
        """The phone's owner."""
        if self.owner is None:
            self.owner = self.id_of(self.owner_jid)
        if self.owner is None:
            self.owner = next(self._ids)
            self.fresh.append(Participant(self.owner, None, "You"))
        return self.owner

    def name_of(self, jid: str) -> str:
        return self._names.get(jid, ("", "number"))[0]

    def members(self, chats: ForeignDatabase, chat: int, session: object) -> Iterator[Member]:
        """Who is in a group now; their participants are left in `fresh`."""
        table = "ZWAGROUPMEMBER"
        query = (
            f"SELECT {chats.column(table, 'ZMEMBERJID')}, {chats.column(table, 'ZISADMIN')} FROM {table}"
            f" WHERE {chats.column(table, 'ZCHATSESSION')} = ? AND coalesce({chats.column(table, 'ZISACTIVE')}, 1)"
        )
        for jid, admin in chats.rows(query, (session,)) if chats.columns(table) else ():
            number = self.id_of(jid)
            if number is not None:
                yield Member(chat, number, "admin" if admin else "member")

    def _pushed(self, chats: ForeignDatabase) -> None:
        if {"ZJID", "ZPUSHNAME"} <= chats.columns("ZWAPROFILEPUSHNAME"):
            for jid, name in chats.rows("SELECT ZJID, ZPUSHNAME FROM ZWAPROFILEPUSHNAME"):
                self._note(jid, name, "pushed")

    def _saved_in_chats(self, chats: ForeignDatabase) -> None:
        if {"ZMEMBERJID", "ZCONTACTNAME"} <= chats.columns("ZWAGROUPMEMBER"):
            for jid, name in chats.rows("SELECT ZMEMBERJID, ZCONTACTNAME FROM ZWAGROUPMEMBER"):
                self._note(jid, name, "saved")
        if {"ZCONTACTJID", "ZPARTNERNAME"} <= chats.columns("ZWACHATSESSION"):
            for jid, name in chats.rows("SELECT ZCONTACTJID, ZPARTNERNAME FROM ZWACHATSESSION"):
                self._note(jid, name, "saved")

    def _saved(self, contacts: ForeignDatabase) -> None:
        table = "ZWAADDRESSBOOKCONTACT"
        lid = contacts.column(table, "ZLID")
        if not {"ZWHATSAPPID", "ZFULLNAME"} <= contacts.columns(table):
            return
        for jid, name, second in contacts.rows(f"SELECT ZWHATSAPPID, ZFULLNAME, {lid} FROM {table}"):
            self._note(jid, name, "saved")
            if isinstance(jid, str) and isinstance(second, str) and second.endswith("@lid"):
                self._lids[second] = jid

    def _note(self, jid: object, name: object, source: NameSource) -> None:
        if isinstance(jid, str) and isinstance(name, str) and name.strip():
            self._names[jid] = (name.strip(), source)


def _owner(chats: ForeignDatabase) -> object:
    """Where what came in was sent to."""
    if not {"ZTOJID", "ZISFROMME"} <= chats.columns("ZWAMESSAGE"):
        return None
    query = (
        "SELECT ZTOJID FROM ZWAMESSAGE WHERE NOT ZISFROMME AND ZTOJID LIKE '%@s.whatsapp.net'"
        " GROUP BY ZTOJID ORDER BY count(*) DESC LIMIT 1"
    )
    return next((jid for (jid,) in chats.rows(query)), None)

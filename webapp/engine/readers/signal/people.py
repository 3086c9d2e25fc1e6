"""The recipients of a Signal backup: people and groups under one kind of number."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.readers.events import Member, Participant

_PHONE = re.compile(r"\+\d{5,20}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of `recipient`. `address`: what is the same in every backup (ACI, else number, else group id)."""

    id: int
    name: str
    phone: str
    address: str
    saved: bool
    group: str
    muted_until: int


class People:
    """Recipients by their number, and who of them is the phone's owner."""

    def __init__(self, connection: sqlite3.Connection, ids: Iterator[int]) -> None:
        self._ids = ids
        self._recipients: dict[int, Recipient] = {}
        titles = {
            group: title
            for group, title in connection.execute("SELECT group_id, title FROM groups")
            if isinstance(group, str) and isinstance(title, str)
        }
        query = (
            "SELECT _id, coalesce(e164, phone), coalesce(aci, uuid), group_id, username,"
            " coalesce(nullif(nickname_joined_name, ''), nullif(system_joined_name, ''),"
            " nullif(system_display_name, '')),"
            " coalesce(nullif(profile_joined_name, ''), nullif(signal_profile_name, '')), mute_until FROM recipient"
        )
        for number, phone, aci, group, username, saved, profile, muted in connection.execute(query):
            if not isinstance(number, int):
                continue
            phone, aci, group = _text(phone), _text(aci), _text(group)
            name = titles.get(group, "") or _text(saved) or _text(profile) or _text(username) or phone
            # Profile names hold a NUL between given and family name.
            name = " ".join(name.replace("\0", " ").split())
            self._recipients[number] = Recipient(
                number, name or f"#{number}", phone if _PHONE.fullmatch(phone) else "", aci or phone or group,
                bool(_text(saved)), group, muted if isinstance(muted, int) else 0,
            )  # fmt: skip
        self._told: dict[int, int] = {}
        self.fresh: list[Participant] = []

    def recipient(self, number: object) -> Recipient | None:
        return self._recipients.get(number) if isinstance(number, int) else None

    def id_of(self, number: object) -> int | None:
        """The participant for a recipient, told once. None where there is no such recipient."""
        found = self.recipient(number)
        if found is None or found.id <= 0:
            return None
        if found.id not in self._told:
            number = self._told[found.id] = next(self._ids)
            source = "saved" if found.saved else "pushed" if found.name != found.phone else "number"
            self.fresh.append(
                Participant(number, None, found.name, found.phone, found.address, name_source=source)  # type: ignore[arg-type]
            )
        return self._told[found.id]

    def address_of(self, number: object) -> str:
        found = self.recipient(number)
        return found.address if found else ""

    def members(self, connection: sqlite3.Connection, chat: int, group: str) -> Iterator[Member]:
        """Who belongs to a group; their participants are left in `fresh`."""
        rows = [
            row
            for (row,) in connection.execute("SELECT recipient_id FROM group_membership WHERE group_id = ?", (group,))
        ]
        for (listed,) in connection.execute("SELECT members FROM groups WHERE group_id = ?", (group,)):
            rows += [
                int(part) for part in _text(listed).split(",") if part.isascii() and part.isdigit() and len(part) < 18
            ]
        for row in dict.fromkeys(rows):
            participant = self.id_of(row)
            if participant is not None:
                yield Member(chat, participant, "member")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

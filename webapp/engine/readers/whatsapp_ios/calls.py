"""`CallHistory.sqlite`: the calls that WhatsApp keeps apart from the chats."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.readers.details import Call
from webapp.engine.readers.foreign_database import ForeignDatabase
from webapp.engine.readers.whatsapp_ios.message import milliseconds

_EVENT, _ALL, _WHO = "ZWACDCALLEVENT", "ZWAAGGREGATECALLEVENT", "ZWACDCALLEVENTPARTICIPANT"


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call: the chat's jid, when (milliseconds), whether the phone's owner was called, and how it ended."""

    jid: str
    timestamp: int
    incoming: bool
    call: Call
    key: str


def calls(database: ForeignDatabase) -> Iterator[CallRow]:
    """Every call with a time and a jid, oldest first. Raises what reading a damaged database raises."""
    column = database.column
    joins = ""
    if "Z1CALLEVENTS" in database.columns(_EVENT) and "Z_PK" in database.columns(_ALL):
        joins += f" LEFT JOIN {_ALL} ON {_ALL}.Z_PK = {_EVENT}.Z1CALLEVENTS"
        incoming, missed, video = (column(_ALL, name) for name in ("ZINCOMING", "ZMISSED", "ZVIDEO"))
    else:
        incoming, missed, video = "NULL", "NULL", "NULL"
    who = "NULL"
    if {"Z1PARTICIPANTS", "ZJIDSTRING"} <= database.columns(_WHO):
        who = f"(SELECT min(p.ZJIDSTRING) FROM {_WHO} p WHERE p.Z1PARTICIPANTS = {_EVENT}.Z_PK)"
    group = column(_EVENT, "ZGROUPJIDSTRING")
    query = (
        f"SELECT {group}, {who}, {column(_EVENT, 'ZDATE')}, {column(_EVENT, 'ZDURATION')}, {incoming}, {missed},"
        f" {video}, {column(_EVENT, 'ZCALLIDSTRING')} FROM {_EVENT}{joins} ORDER BY 3, {_EVENT}.Z_PK"
    )
    for group_jid, jid, date, duration, inward, was_missed, with_video, identity in database.rows(query):
        timestamp = milliseconds(date)
        address = group_jid if isinstance(group_jid, str) and group_jid else jid
        if timestamp is None or not isinstance(address, str):
            continue
        seconds = round(duration) if isinstance(duration, int | float) and 0 < duration < 1e8 else None
        outcome = "answered" if seconds else "missed" if was_missed else "unknown"
        call = Call(bool(with_video), outcome, seconds, address == group_jid)  # type: ignore[arg-type]
        key = f"call:{identity}" if isinstance(identity, str) and identity else ""
        yield CallRow(address, timestamp, bool(inward), call, key)

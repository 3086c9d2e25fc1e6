"""Who writes in a chat, as the export names them."""

import re
from collections.abc import Iterator
from itertools import count

from webapp.engine.readers.events import Participant
from webapp.engine.readers.whatsapp_text.stamp import MARKS

_WITHOUT_MARKS = {ord(mark): None for mark in MARKS}
_SPACES = {ord(space): " " for space in "\u00a0\u202f\u2007"}
_PHONE = re.compile(r"\+?\d[\d ().\-/]{5,24}")


def clean_name(raw: str) -> str:
    """A sender without direction marks, without the `~` before unsaved names, with plain spaces."""
    name = raw.translate(_WITHOUT_MARKS).translate(_SPACES).strip()
    return name.removeprefix("~").strip() or name


class People:
    """Gives each sender of one chat a participant; new ones wait in `fresh` until they are told."""

    def __init__(self, chat: int, ids: Iterator[int] | None = None) -> None:
        self._chat = chat
        self._ids = ids or count(1)
        self._by_raw: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self.fresh: list[Participant] = []
        self.owners: set[int] = set()

    def __len__(self) -> int:
        return len(self._by_name)

    def id_of(self, raw: str) -> int:
        """The participant for a sender as written in the file."""
        known = self._by_raw.get(raw)
        if known is not None:
            return known
        name = clean_name(raw)
        number = self._by_name.get(name)
        if number is None:
            number = self._by_name[name] = next(self._ids)
            phone = re.sub(r"[^\d+]", "", name) if _PHONE.fullmatch(name) else ""
            self.fresh.append(Participant(number, self._chat, name, phone))
        self._by_raw[raw] = number
        return number

    def owner(self) -> int | None:
        """The one whose phone exported the chat: only they see “You deleted this message” under their name."""
        return next(iter(self.owners)) if len(self.owners) == 1 else None

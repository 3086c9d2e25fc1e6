"""JSON in pieces: a file of gigabytes is walked value by value; only one value is in memory at a time.

Strings, numbers and small values are parsed by the standard library; this module only finds where they begin. What is
not JSON, nests too deep or has a value too large for one message is refused.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator

from webapp.engine.errors import CofferError

LARGEST_VALUE = 8 << 20
"""Characters of one message, or of one value beside the messages."""

DEEPEST = 64
_SPACE = re.compile(r"[ \t\r\n]*")
_PIECE = 1 << 18
_BRACKETS = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)


class DamagedJson(CofferError):
    """The file is no JSON, or is cut short. data: {why, offset in characters}."""

    code = "damaged_json"
    next_step = "Export the chats again in the machine-readable form (JSON), then choose the new folder."

    def __init__(self, why: str, offset: int) -> None:
        super().__init__(f"The chat file is damaged: {why}.", data={"why": why, "offset": offset})


class ImplausibleJson(CofferError):
    """The file nests deeper, or holds larger values, than any export does. data: {why}."""

    code = "implausible_json"
    next_step = "Choose the file that the program exported, not one from somewhere else."

    def __init__(self, why: str) -> None:
        super().__init__(f"The chat file was not read, because its contents are implausible: {why}.", data={"why": why})


class JsonStream:
    """A cursor over a JSON text. Each method begins where the one before ended."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._text = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._decode = json.JSONDecoder().raw_decode
        self._buffer = ""
        self._at = 0
        self._dropped = 0
        self._ended = False

    def peek(self) -> str:
        """The first letter of what comes next, after white space; empty at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def members(self, depth: int = 0) -> Iterator[str]:
        """The keys of an object. After each, the caller must consume the value. Raises DamagedJson, ImplausibleJson."""
        self._open("{", depth)
        if self._closes("}"):
            return
        while True:
            key = self.value() if self.peek() == '"' else None
            if not isinstance(key, str):
                raise self._damaged("a name is missing")
            self._expect(":")
            yield key
            if self._closes("}"):
                return
            self._expect(",")

    def elements(self, depth: int = 0) -> Iterator[None]:
        """One step an element of an array; at each, the caller must consume the element. Raises as `members`."""
        self._open("[", depth)
        if self._closes("]"):
            return
        while True:
            yield None
            if self._closes("]"):
                return
            self._expect(",")

    def value(self) -> object:
        """The whole next value. Raises DamagedJson; ImplausibleJson where it is too large or too deep."""
        if not self.peek():
            raise self._damaged("it is cut short")
        self._drop()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except RecursionError:
                raise ImplausibleJson("it nests too deep") from None
            except ValueError:
                # Not JSON, or not here yet: with every try the buffer doubles, so that long values cost no more.
                if self._ended:
                    raise self._damaged("it is cut short or no JSON") from None
                self._grow()
                continue
            # A number could go on in the next piece.
            if end == len(self._buffer) and self._more():
                continue
            self._refuse_depth(self._at, end)
            self._at = end
            return value

    def skip(self, depth: int = 0) -> None:
        """Passes over the next value, however large. Raises as `value`."""
        first = self.peek()
        if first == "{":
            for _ in self.members(depth):
                self.skip(depth + 1)
        elif first == "[":
            for _ in self.elements(depth):
                self.skip(depth + 1)
        else:
            self.value()

    def _refuse_depth(self, start: int, end: int) -> None:
        if self._buffer.count("[", start, end) + self._buffer.count("{", start, end) <= DEEPEST:
            return
        depth, at = 0, start
        while (found := _BRACKETS.search(self._buffer, at, end)) is not None:
            at = found.end()
            letter = found[0]
            if letter == '"':
                closing = _STRING_END.match(self._buffer, at, end)
                at = closing.end() if closing else end
            elif letter in "[{":
                depth += 1
                if depth > DEEPEST:
                    raise ImplausibleJson("it nests too deep")
            else:
                depth -= 1

    def _open(self, bracket: str, depth: int) -> None:
        if depth > DEEPEST:
            raise ImplausibleJson("it nests too deep")
        self._expect(bracket)

    def _expect(self, letter: str) -> None:
        if self.peek() != letter:
            raise self._damaged("it is cut short" if self.peek() == "" else f"“{letter}” is missing")
        self._at += 1

    def _closes(self, bracket: str) -> bool:
        if self.peek() != bracket:
            return False
        self._at += 1
        return True

    def _drop(self) -> None:
        if self._at > _PIECE:
            self._dropped += self._at
            self._buffer = self._buffer[self._at :]
            self._at = 0

    def _grow(self) -> None:
        wanted = 2 * (len(self._buffer) - self._at)
        if wanted > 2 * LARGEST_VALUE:
            raise ImplausibleJson("one value is too large")
        while len(self._buffer) - self._at < wanted and self._more():
            pass

    def _more(self) -> bool:
        if self._ended:
            return False
        self._drop()
        for piece in self._pieces:
            text = self._text.decode(piece)
            if text:
                self._buffer += text
                return True
        self._ended = True
        tail = self._text.decode(b"", True)
        self._buffer += tail
        return bool(tail)

    def _damaged(self, why: str) -> DamagedJson:
        return DamagedJson(why, self._dropped + self._at)

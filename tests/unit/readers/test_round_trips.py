"""What our own writer writes, the reader reads back, in every spelling; whatever people may write into messages."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures_export import SPELLINGS, MemorySource, has_seconds, tell, tell_text, write_export
from webapp.engine.readers.events import Kind

_LETTERS = st.characters(whitelist_categories=("L", "N", "So", "Zs"), blacklist_characters="\u2028\u2029")
_WORDS = st.text(_LETTERS, min_size=1, max_size=60).map(lambda text: "w" + text.strip())
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map("\n".join)
_NAMES = st.sampled_from(["Ann", "Ben Müller", "山田", "~\u202fZoë", "+49 151 2345678", "أحمد"])
_MOMENTS = st.datetimes(datetime(2019, 6, 1), datetime(2026, 1, 1)).map(lambda w: w.replace(microsecond=0))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(SPELLINGS)),
    st.lists(st.tuples(_MOMENTS, _NAMES, _LINES), min_size=1, max_size=12),
)
def test_messages_come_back(spelling: str, messages: list[tuple[datetime, str, str]]) -> None:
    # The 28th of a month settles the order of day and month.
    messages = [(datetime(2020, 2, 28, 12, 30, 5), "Ann", "first"), *messages]
    told = tell_text(write_export(spelling, messages))
    assert [message.text for message in told.messages] == [text for _, _, text in messages]
    assert {message.kind for message in told.messages} == {Kind.TEXT}
    moments = [when if has_seconds(spelling) else when.replace(second=0) for when, _, _ in messages]
    assert told.times() == [when.strftime("%Y-%m-%d %H:%M:%S") for when in moments]
    senders = [told.sender(message) for message in told.messages]
    assert senders == [name.removeprefix("~\u202f") for _, name, _ in messages]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_inside_a_message_break_the_chat(inside: bytes) -> None:
    line = b"12/05/2022, 10:00 - Ann: "
    told = tell(MemorySource("a.txt", (line + b"hello\n") * 20 + line + b"x " + inside + b"\n" + line + b"last\n"))
    assert [message.text for message in told.messages[:20]] == ["hello"] * 20
    assert told.messages[-1].text == "last"
    assert len(told.messages) == 22

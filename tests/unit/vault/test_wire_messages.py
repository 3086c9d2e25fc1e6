"""Requests and replies as JSON: one spelling each, nothing missing, nothing more."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.wire import messages
from vault.wire.errors import MEANINGS, ErrorCode, VaultError
from vault.wire.hkdf import hkdf_sha256
from vault.wire.limits import (
    BODY_BYTES,
    EVENTS_PAGE,
    EVENTS_REPLY_BYTES,
    FEED_BODY_BYTES,
    FEED_PAGE,
    REGISTRATION_BODY_BYTES,
    REPLY_BYTES,
)
from vault.wire.message import Message, read_object
from vault.wire.session_reply import PLAINTEXT_BYTES, SEALED_BYTES, SessionReply

AT = "2026-11-24T08:00:00.000001+00:00"
EVENT = messages.Event(1, "guess_charged", AT, 9, b"h" * 32)
FED = messages.FeedEvent(7, b"a" * 16, b"s" * 16, b"r" * 16, 1, "locked", AT, 7, 1_700_000_000, b"h" * 32)
EXAMPLES: list[Message] = [
    messages.Empty(),
    messages.Identity(b"o" * 32, b"s" * 32),
    messages.OpenSafe(b"k" * 32, b"p" * 64),
    messages.StartRegistration(b"r" * 32),
    messages.RegistrationStarted(b"i" * 16, 3, b"r" * 64, b"s" * 64),
    messages.FinishRegistration(b"i" * 16, b"r" * 192, b"w" * 60, b"p" * 64),
    messages.RegistrationFinished("active"),
    messages.StartLogin(b"i" * 16, b"1" * 96),
    messages.LoginStarted(b"l" * 16, b"i" * 16, 3, b"2" * 320, 9),
    messages.FinishLogin(b"l" * 16, b"3" * 64),
    messages.LoginFinished(b"s" * SEALED_BYTES),
    messages.Status(
        b"i" * 16, "active", 1, 10, 0, 1_700_000_000, None, paused=True, staged=b"j" * 16, staged_until=1_700_003_600
    ),
    messages.Status(None, "none", None, None, None, None, None, paused=False, staged=None, staged_until=None),
    messages.SetHead(b"h" * 32, b"p" * 64),
    messages.ReadHead(b"p" * 64),
    messages.Head(None, b"s" * 64),
    messages.Destroy(b"i" * 16, b"p" * 64),
    messages.ReadEvents(0, 0),
    messages.EventsPage(b"i" * 16, 1, "active", 1, b"h" * 32, None, (EVENT,), b"s" * 64),
    messages.EventsPage(None, None, "none", 0, None, None, (), b"s" * 64),
    messages.ReadFeed((messages.Taken(7, b"h" * 32),)),
    messages.Feed((FED,), more=True),
    messages.Paused(1),
]
with_fields = pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if example.to_json()], ids=lambda example: type(example).__name__
)


def refused(kind: type[Message], value: object) -> None:
    with pytest.raises(VaultError) as caught:
        kind.from_bytes(json.dumps(value).encode())
    assert caught.value.code is ErrorCode.MALFORMED


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_it_reads_what_it_wrote(example):
    assert type(example).from_bytes(example.to_bytes()) == example


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_it_fits_its_cap(example):
    finish = isinstance(example, messages.FinishRegistration)
    assert len(example.to_bytes()) <= (REGISTRATION_BODY_BYTES if finish else BODY_BYTES) <= REPLY_BYTES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_an_unknown_field_is_refused(example):
    refused(type(example), {**example.to_json(), "extra": 1})


@with_fields
def test_every_missing_field_is_refused(example):
    for name in example.to_json():
        refused(type(example), {key: value for key, value in example.to_json().items() if key != name})


@with_fields
def test_another_type_or_length_is_refused(example):
    for name, value in example.to_json().items():
        for other in (1.5, True, [], {}, "", "AA", f"{value}A", f"{value}="):
            if type(value) is type(other) and isinstance(value, bool | list):
                continue  # a flag may be true and a list may be empty
            refused(type(example), {**example.to_json(), name: other})


@with_fields
def test_its_repr_shows_no_value(example):
    for value in example.to_json().values():
        if isinstance(value, str) and len(value) > 8:
            assert value not in repr(example)
            assert value[:8] not in repr(example)


def test_ids_in_capitals_are_refused():
    refused(messages.StartLogin, {**messages.StartLogin(b"\xab" * 16, b"1" * 96).to_json(), "request_id": "AB" * 16})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"null",
        b'{"proof": 1, "proof": 1}',
        b'{"n": NaN}',
        b"\xff\xfe{}",
        b"{}{}",
        b"[" * 100_000,
    ],
)
def test_what_is_not_one_plain_object_is_refused(body):
    with pytest.raises(VaultError):
        read_object(body)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(body):
    for kind in (messages.StartLogin, messages.FinishRegistration, messages.Empty):
        with suppress(VaultError):
            kind.from_bytes(body)


def test_every_code_has_a_sentence_and_a_next_step():
    assert set(MEANINGS) == set(ErrorCode)
    for meaning in MEANINGS.values():
        assert meaning.message.endswith(".")
        assert meaning.next.endswith(".")
        assert meaning.status == 0 or 400 <= meaning.status < 600


def test_a_session_reply_has_one_length_with_or_without_a_head():
    for head in (None, b"h" * 32, bytes(32)):
        reply = SessionReply(b"w" * 60, head, 7, 3)
        assert len(reply.to_plaintext()) == PLAINTEXT_BYTES
        assert SessionReply.from_plaintext(reply.to_plaintext()) == reply
    assert "w" * 8 not in repr(reply)


def test_hkdf_matches_rfc_5869_test_case_3():
    """RFC 5869 appendix A.3: empty salt, empty info."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert hkdf_sha256(b"\x0b" * 22, b"", 42).hex() == expected


@pytest.mark.parametrize(
    "at", ["2026-11-24T08:00:00+00:00", "2026-11-24T08:00:00.000001Z", "2026-13-24T08:00:00.000001+00:00"]
)
def test_a_time_has_one_spelling(at):
    refused(messages.Event, EVENT.to_json() | {"at": at})


@pytest.mark.parametrize("kind", ["Locked", "locked1", "l" * 21, "_locked", "ločked"])
def test_a_kind_is_a_short_name(kind):
    refused(messages.Event, EVENT.to_json() | {"kind": kind})


def test_a_list_takes_no_more_than_its_cap_and_nothing_of_another_form():
    taken = messages.Taken(7, b"h" * 32).to_json()
    assert len(messages.ReadFeed.from_json({"taken": [taken] * FEED_PAGE}).taken) == FEED_PAGE
    refused(messages.ReadFeed, {"taken": [taken] * (FEED_PAGE + 1)})
    for other in ([1], [None], [{}], [taken | {"extra": 1}], {"0": taken}):
        refused(messages.ReadFeed, {"taken": other})


def test_the_fullest_pages_fit_their_caps():
    event = messages.Event(2**53 - 1, "k" * 20, AT, 10, b"h" * 32)
    page = messages.EventsPage(
        b"i" * 16, 2**31 - 1, "destroyed", 2**53 - 1, b"h" * 32, 1, (event,) * EVENTS_PAGE, b"s" * 64
    )
    assert len(page.to_bytes()) <= EVENTS_REPLY_BYTES
    assert len(messages.ReadFeed((messages.Taken(2**53 - 1, b"h" * 32),) * FEED_PAGE).to_bytes()) <= FEED_BODY_BYTES

"""Requests and replies as JSON: one spelling each, nothing missing, nothing more."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.wire import messages
from vault.wire.errors import MEANINGS, ErrorCode, VaultError
from vault.wire.hkdf import hkdf_sha256
from vault.wire.limits import BODY_BYTES, REGISTRATION_BODY_BYTES, REPLY_BYTES
from vault.wire.message import Message, read_object
from vault.wire.session_reply import PLAINTEXT_BYTES, SEALED_BYTES, SessionReply

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
    messages.Status(b"i" * 16, "active", 1, 10, 0, 1_700_000_000, None),
    messages.Status(None, "none", None, None, None, None, None),
    messages.SetHead(b"h" * 32, b"p" * 64),
    messages.ReadHead(b"p" * 64),
    messages.Head(None, b"s" * 64),
    messages.Destroy(b"i" * 16, b"p" * 64),
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

"""Tickets, owner proofs and binary in JSON: one spelling each, and no two statements share their bytes."""

import dataclasses
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.wire.encoding import EncodingError, field, from_text, to_text
from vault.wire.owner_proof import Action, Audience, OwnerProof
from vault.wire.ticket import PAYLOAD_BYTES, SIGNATURE_BYTES, AccountTicket, Purpose, decode, encode

TICKET = AccountTicket(b"t" * 32, b"a" * 16, b"s" * 16, b"x" * 16, 1_800_000_000, Purpose.LOGIN)
PROOF = OwnerProof(Audience.VAULT, Action.SET_HEAD, b"a" * 16, b"s" * 16, b"c" * 32, b"n" * 32, b"r" * 16, 7)


@given(st.binary(max_size=200))
def test_binary_comes_back_as_it_was(value):
    assert from_text(to_text(value), len(value)) == value


@pytest.mark.parametrize("text", ["AA==", "AB", "A", "A+", "A/", "AA\n", " AA", "Aé"])
def test_any_other_spelling_is_refused(text):
    with pytest.raises(EncodingError):
        from_text(text)


def test_another_length_is_refused():
    with pytest.raises(EncodingError):
        from_text(to_text(bytes(31)), 32)


def test_fields_of_a_signed_message_cannot_slide_into_each_other():
    assert field(b"ab") + field(b"c") != field(b"a") + field(b"bc")
    with pytest.raises(OverflowError):
        field(bytes(65_536))


@given(st.integers(0, 2**64 - 1), st.sampled_from(list(Purpose)))
def test_a_ticket_comes_back_as_it_was(expiry, purpose):
    ticket = dataclasses.replace(TICKET, expiry=expiry, purpose=purpose, ticket_id=secrets.token_bytes(32))
    assert decode(encode(ticket, b"S" * 64)) == (ticket, b"S" * 64)
    assert len(ticket.payload()) == PAYLOAD_BYTES


def test_a_ticket_of_another_length_or_purpose_is_refused():
    whole = TICKET.payload() + bytes(SIGNATURE_BYTES)
    for value in (whole[:-1], whole + b"x", whole[: PAYLOAD_BYTES - 1] + b"\xff" + whole[PAYLOAD_BYTES:]):
        with pytest.raises(EncodingError):
            decode(to_text(value))


@pytest.mark.parametrize("name", ["ticket_id", "account", "safe", "session"])
def test_a_ticket_with_a_short_field_is_not_signed(name):
    with pytest.raises(ValueError, match="wrong length"):
        dataclasses.replace(TICKET, **{name: b"short"}).payload()


@pytest.mark.parametrize(
    "change",
    [
        {"audience": Audience.SITE},
        {"action": Action.READ_HEAD},
        {"account": b"b" * 16},
        {"safe": b"b" * 16},
        {"content": b"b" * 32},
        {"nonce": b"b" * 32},
        {"record": b"b" * 16},
        {"version": 8},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_of_an_owner_proof_is_under_its_signature(change):
    assert dataclasses.replace(PROOF, **change).message() != PROOF.message()


@pytest.mark.parametrize("name", ["account", "safe", "record", "content", "nonce"])
def test_an_owner_proof_with_a_short_field_cannot_be_made(name):
    with pytest.raises(ValueError, match=name):
        dataclasses.replace(PROOF, **{name: b"short"})

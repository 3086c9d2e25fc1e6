"""Everything that happened to a safe's passwords, as a file that can be checked without the vault.

The file is JSON: whose safe, which vault signed, and for every record its events and the vault's signature over where
they end (vault/wire/event_chain.py, docs/vault-protocol.md). `faults` says exactly what does not add up.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vault.wire import messages
from vault.wire.errors import VaultError
from vault.wire.event_chain import ChainEnd, event_head
from vault.wire.limits import HEAD_BYTES, ID_BYTES, MAX_VERSION, PUBLIC_KEY_BYTES, SIGNATURE_BYTES
from vault.wire.message import Message, binary, hex_bytes, many, number, read_object, word

from .errors import CofferError, SignatureInvalid

FORMAT = "coffer/v1/activity"
NONCE_BYTES = 32
_FAR = 2**53 - 1
_MOST = 1_000_000

# public key (32 bytes), message, signature (64 bytes) → raises SignatureInvalid
Verify = Callable[[bytes, bytes, bytes], None]


@dataclass(frozen=True, slots=True, repr=False)
class RecordActivity(Message):
    """One record's events, and what the vault signed: `count` of them lead to `head`, asked for at version `asked`.

    record, version, head: null in the one entry of a safe that never had a password."""

    asked: int = number(0, MAX_VERSION)
    record: bytes | None = hex_bytes(ID_BYTES, optional=True)
    version: int | None = number(1, MAX_VERSION, optional=True)
    state: str = word(*messages.STATES)
    count: int = number(0, _FAR)
    head: bytes | None = hex_bytes(HEAD_BYTES, optional=True)
    next_version: int | None = number(1, MAX_VERSION, optional=True)
    nonce: bytes = hex_bytes(NONCE_BYTES)
    signature: bytes = binary(SIGNATURE_BYTES)
    events: tuple[messages.Event, ...] = many(messages.Event, _MOST)


@dataclass(frozen=True, slots=True, repr=False)
class ActivityFile(Message):
    """The whole file. vault_key: the vault's Ed25519 key as the exporting app had it pinned."""

    format: str = word(FORMAT)
    account: bytes = hex_bytes(ID_BYTES)
    safe: bytes = hex_bytes(ID_BYTES)
    vault_key: bytes = hex_bytes(PUBLIC_KEY_BYTES)
    records: tuple[RecordActivity, ...] = many(RecordActivity, _MOST)

    def text(self) -> str:
        """As it is saved: readable JSON."""
        return json.dumps(self.to_json(), indent=1) + "\n"


class ActivityUnreadable(CofferError):
    """The file is not one of these."""

    code = "activity_unreadable"
    message = "This is not an activity file of Coffer, or it is damaged."
    next_step = "Download it again from the safe's activity page."


class ActivityBroken(CofferError):
    """Events were changed, left out or cut off; data: faults, a list of sentences."""

    code = "activity_broken"
    message = "The list of what happened to this password does not add up, so somebody changed it."
    next_step = "Tell whoever runs this vault. Opening the safe with the 64-digit key is not affected."

    def __init__(self, found: "list[Fault]") -> None:
        super().__init__(data={"faults": [fault.sentence for fault in found]})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not add up. code: stable; version: of the record (0: of no one record); number: the first
    event it is about (0: none)."""

    code: str
    version: int
    number: int
    sentence: str


def parse(body: bytes) -> ActivityFile:
    """Raises ActivityUnreadable for anything that is not exactly such a file."""
    try:
        return ActivityFile.from_json(read_object(body))
    except VaultError:
        raise ActivityUnreadable from None


def faults(file: ActivityFile, verify: Verify, vault_key: bytes) -> list[Fault]:
    """All that is wrong, in the order of the file; empty: nothing is. vault_key: the pinned one (32 bytes)."""
    found: list[Fault] = []
    if file.vault_key != vault_key:
        found.append(Fault("other_vault", 0, 0, "The file names another vault than the one it is checked against."))
    found.extend(_of_the_list(file))
    for record in file.records:
        found.extend(_of_the_signature(file, record, verify, vault_key))
        found.extend(_of_the_chain(record))
    return found


def _of_the_list(file: ActivityFile) -> Iterator[Fault]:
    """Every record's entry names the next one, from 0 on."""
    expected: int | None = 0
    for record in file.records:
        if record.asked != expected:
            yield Fault(
                "record_missing", record.version or 0, 0, f"A password before number {record.version} is missing."
            )
        expected = record.next_version
    if not file.records or expected is not None:
        yield Fault("record_missing", expected or 0, 0, "The file ends before the safe's last password.")


def _of_the_signature(file: ActivityFile, record: RecordActivity, verify: Verify, vault_key: bytes) -> Iterator[Fault]:
    end = ChainEnd(
        nonce=record.nonce,
        account=file.account,
        safe=file.safe,
        asked=record.asked,
        record=record.record,
        version=record.version,
        state=record.state,
        count=record.count,
        head=record.head,
        next_version=record.next_version,
    )
    try:
        verify(vault_key, end.message(), record.signature)
    except SignatureInvalid:
        yield Fault(
            "signature_wrong",
            record.version or 0,
            0,
            f"{_name(record)}: the vault's signature does not match. Whose it is, how many events it has, where they "
            "end, or the signature itself was changed, or another vault signed it.",
        )


def _of_the_chain(record: RecordActivity) -> Iterator[Fault]:
    version, name = record.version or 0, _name(record)
    expected, before, sound = 1, b"", True
    for position, event in enumerate(record.events):
        if event.number < expected:
            sound = False
            yield Fault("event_doubled", version, event.number, f"{name}: event {event.number} stands there twice.")
            continue
        if event.number > expected:
            sound = False
            which = (
                f"event {expected} is"
                if event.number == expected + 1
                else f"events {expected} to {event.number - 1} are"
            )
            yield Fault("event_missing", version, expected, f"{name}: {which} missing.")
            before = event.head
        else:
            computed = _head_after(record, before, event)
            before = event.head
            if computed != event.head:
                sound = False
                if computed == _head_that_the_rest_wants(record, position, computed):
                    yield Fault(
                        "head_changed", version, event.number, f"{name}: the head of event {event.number} was changed."
                    )
                    before = computed
                else:
                    yield Fault("event_changed", version, event.number, f"{name}: event {event.number} was changed.")
        expected = event.number + 1
    if expected - 1 < record.count:
        yield Fault(
            "cut_off",
            version,
            expected,
            f"{name}: cut off after event {expected - 1}; the vault has signed {record.count}.",
        )
    elif expected - 1 > record.count:
        yield Fault(
            "event_added", version, record.count + 1, f"{name}: the vault has signed only {record.count} events."
        )
    elif sound and before != (record.head or b""):
        yield Fault(
            "head_changed", version, record.count, f"{name}: the events do not lead to the head that was signed."
        )


def _head_after(record: RecordActivity, before: bytes, event: messages.Event) -> bytes:
    return event_head(record.record or b"", before, event.number, event.kind, event.at, event.guesses_left)


def _head_that_the_rest_wants(record: RecordActivity, position: int, computed: bytes) -> bytes | None:
    """`computed`, if what follows this event continues from it: then the event is right and only its head is not."""
    if position + 1 < len(record.events):
        following = record.events[position + 1]
        return computed if _head_after(record, computed, following) == following.head else None
    return record.head


def _name(record: RecordActivity) -> str:
    return "The safe" if record.version is None else f"Password number {record.version}"

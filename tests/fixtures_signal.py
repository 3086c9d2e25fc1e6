"""Our own writer of Signal backups, made after the description of the format and not after the reader."""

import hashlib
import hmac
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PASSPHRASE = "012345678901234567890123456789"
SALT = bytes(range(32))
ROUNDS = 250_000
Value = str | int | float | bytes | None


def varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def field_of(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    return varint(number << 3 | 2) + varint(len(value)) + value


def parameter(value: Value) -> bytes:
    match value:
        case None:
            return field_of(5, 1)
        case str():
            return field_of(1, value.encode())
        case int():
            return field_of(2, value)
        case float():
            return varint(3 << 3 | 1) + struct.pack("<d", value)
        case bytes():
            return field_of(4, value)


def statement(text: str, *values: Value) -> bytes:
    body = field_of(1, text.encode()) + b"".join(field_of(2, parameter(value)) for value in values)
    return field_of(2, body)


@dataclass
class BackupWriter:
    """Frames and payloads, sealed one after another; `content` is the file."""

    version: int = 1
    passphrase: str = PASSPHRASE
    salt: bytes = SALT
    iv: bytes = b"\xff\xff\xff\xf0" + bytes(range(12))
    content: bytearray = field(default_factory=bytearray)
    counter: int = 0

    def __post_init__(self) -> None:
        header = field_of(1, field_of(1, self.iv) + field_of(2, self.salt) + field_of(3, self.version))
        self.content += struct.pack(">I", len(header)) + header
        digits, state = self.passphrase.encode(), self.passphrase.encode()
        for number in range(ROUNDS):
            state = hashlib.sha512((self.salt if number == 0 else b"") + state + digits).digest()
        keys = HKDF(SHA256(), 64, None, b"Backup Export").derive(state[:32])
        self.cipher_key, self.mac_key = keys[:32], keys[32:]

    def frame(self, plain: bytes) -> None:
        _, stream = self._next_stream()
        length = struct.pack(">I", len(plain) + 10)
        if self.version >= 1:
            length = stream.update(length)
        sealed = stream.update(plain)
        signed = (length if self.version >= 1 else b"") + sealed
        self.content += length + sealed + hmac.digest(self.mac_key, signed, "sha256")[:10]

    def payload(self, plain: bytes) -> None:
        block, stream = self._next_stream()
        sealed = stream.update(plain)
        self.content += sealed + hmac.digest(self.mac_key, block + sealed, "sha256")[:10]

    def attachment(self, row: int, plain: bytes) -> None:
        self.frame(field_of(4, field_of(1, row) + field_of(2, row) + field_of(3, len(plain))))
        self.payload(plain)

    def insert(self, table: str, **columns: Value) -> None:
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        self.frame(statement(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values()))

    def end(self) -> bytes:
        self.frame(field_of(6, 1))
        return bytes(self.content)

    def _next_stream(self):
        first = (int.from_bytes(self.iv[:4], "big") + self.counter) & 0xFFFFFFFF
        self.counter += 1
        block = first.to_bytes(4, "big") + self.iv[4:]
        return block, Cipher(AES(self.cipher_key), CTR(block)).encryptor()


SENT, RECEIVED, SYSTEM_TIMER = 0x800017, 0x800014, 0x840014
JPEG = b"\xff\xd8\xff" + bytes(2000)
NOON = 1_652_349_600_000


def story(version: int = 1) -> BackupWriter:
    """Two people and a group: texts, a picture, a quote, a reaction, a mention, an edit, a deletion, calls, a timer."""
    writer = BackupWriter(version)
    writer.frame(field_of(5, field_of(1, 223)))
    writer.frame(statement("CREATE TABLE message (_id INTEGER PRIMARY KEY, body TEXT DEFAULT '(,', CHECK (_id > 0))"))
    writer.frame(statement("CREATE INDEX a ON message (body)"))
    writer.frame(statement("CREATE TRIGGER t AFTER INSERT ON message BEGIN DELETE FROM message; END"))
    for number, name in ((1, "Ann"), (2, "Ben"), (3, "Zoë")):
        writer.insert("recipient", _id=number, aci=f"aci-{number}", e164=f"+4930{number:05}", system_joined_name=name)
    writer.insert("recipient", _id=4, group_id="group-1")
    writer.insert("groups", _id=1, group_id="group-1", recipient_id=4, title="Trip")
    writer.insert("group_membership", _id=1, group_id="group-1", recipient_id=3)
    writer.insert("thread", _id=1, recipient_id=2, archived=0)
    writer.insert("thread", _id=2, recipient_id=4, archived=1)

    def say(number: int, author: int, body: str | None, **more: Value) -> None:
        kind = SENT if author == 1 else RECEIVED
        columns = {"thread_id": 1, "type": kind, "from_recipient_id": author, "date_sent": NOON + number * 1000, **more}
        writer.insert("message", _id=number, body=body, **columns)

    say(1, 1, "Grüße 😀")
    say(2, 2, "reply", quote_id=NOON + 1000, quote_author=1, quote_body="Grüße 😀")
    writer.insert("reaction", _id=1, message_id=2, author_id=1, emoji="👍", date_sent=NOON)
    say(3, 2, "look", link_previews='[{"url":"https://a.b/","title":"T"}]')
    writer.insert("attachment", _id=7, message_id=3, content_type="image/jpeg", file_name="a.jpg", data_size=2003)
    writer.insert("attachment", _id=8, message_id=3, content_type="image/svg+xml", data_size=5)
    writer.attachment(7, JPEG)
    say(4, 1, "first try", latest_revision_id=5)
    say(5, 1, "second try", original_message_id=4, revision_number=1)
    say(6, 2, None, remote_deleted=1)
    say(7, 1, "for ￼!", thread_id=2)
    writer.insert("mention", _id=1, message_id=7, recipient_id=3, range_start=4, range_length=1)
    say(8, 2, None, type=3)
    say(9, 2, None, type=SYSTEM_TIMER)
    say(10, 3, "", thread_id=2, shared_contacts='[{"name":{"displayName":"Z"},"phoneNumbers":[{"number":"1"}]}]')
    say(11, 2, "x", thread_id=99)
    return writer

"""An attachment's bytes within a Signal backup: described by a seal, kept in the archive, opened when looked at.

The archive is itself sealed with the owner's key, so the backup's keys are as safe there as the text beside them.
"""

import hmac
import json
from dataclasses import dataclass

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken
from webapp.engine.ports import BackupCipher, Data
from webapp.engine.readers.signal.frames import MAC_BYTES, Frame
from webapp.engine.readers.signal.passphrase import BackupKeys


@dataclass(frozen=True, slots=True)
class AttachmentSeal:
    """Where the ciphertext lies in the backup file (`length` without its MAC; bytes), and what opens it."""

    offset: int
    length: int
    counter_block: bytes
    keys: BackupKeys

    @property
    def range(self) -> tuple[int, int]:
        """Where ciphertext and MAC begin and end in the file."""
        return self.offset, self.offset + self.sealed_length

    @property
    def sealed_length(self) -> int:
        """Ciphertext and MAC."""
        return self.length + MAC_BYTES

    def to_text(self) -> str:
        """The form kept in the archive: JSON. It holds keys."""
        return json.dumps(
            {
                "kind": "signal",
                "offset": self.offset,
                "length": self.length,
                "counter": self.counter_block.hex(),
                "cipher": self.keys.cipher.expose().hex(),
                "mac": self.keys.mac.expose().hex(),
            }
        )


def seal_of(frame: Frame, keys: BackupKeys) -> AttachmentSeal:
    """The seal of the payload behind a frame."""
    return AttachmentSeal(frame.offset, frame.length, frame.counter_block, keys)


def seal_from(text: str) -> AttachmentSeal:
    """Raises SealBroken for anything that `to_text` did not write."""
    try:
        found = json.loads(text)
        counter, cipher, mac = (bytes.fromhex(found[name]) for name in ("counter", "cipher", "mac"))
        offset, length = int(found["offset"]), int(found["length"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealBroken from error
    if (
        found.get("kind") != "signal"
        or (len(counter), len(cipher), len(mac)) != (16, 32, 32)
        or min(offset, length) < 0
    ):
        raise SealBroken
    return AttachmentSeal(offset, length, counter, BackupKeys(Secret(cipher), Secret(mac)))


async def open_attachment(seal: AttachmentSeal, sealed: bytes, cipher: BackupCipher) -> Data:
    """`sealed`: the seal's range of the backup file. Raises SealBroken at a wrong MAC or length."""
    if len(sealed) != seal.sealed_length:
        raise SealBroken
    view = memoryview(sealed)
    digest = hmac.new(seal.keys.mac.expose(), seal.counter_block, "sha256")
    digest.update(view[: seal.length])
    if not hmac.compare_digest(digest.digest()[:MAC_BYTES], view[seal.length :]):
        raise SealBroken
    return await cipher.aes_ctr(seal.keys.cipher.expose(), seal.counter_block, sealed[: seal.length])

"""What opens a medium of Drive after the backup: kept in the archive, which is itself sealed with the owner's key.

The original stays in the backup as it was chosen, encrypted; only the key of that one medium is kept, never the root.
"""

import json
from dataclasses import dataclass

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken
from webapp.engine.in_memory import InMemory
from webapp.engine.ports import BackupCipher, Data, Progress

KIND = "mcrypt1"


class _Silent:
    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...


@dataclass(frozen=True, slots=True)
class MediumSeal:
    """AES-256-GCM key (32 bytes) and nonce (16 bytes) of one file."""

    key: Secret
    iv: bytes

    def to_text(self) -> str:
        """The form kept in the archive: JSON. It holds a key."""
        return json.dumps({"kind": KIND, "key": self.key.expose().hex(), "iv": self.iv.hex()})


def medium_seal_from(text: str) -> MediumSeal | None:
    """None for a seal of another kind. Raises SealBroken for one of this kind that `to_text` did not write."""
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("kind") != KIND:
            return None
        key, iv = bytes.fromhex(found["key"]), bytes.fromhex(found["iv"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SealBroken from error
    if (len(key), len(iv)) != (32, 16):
        raise SealBroken
    return MediumSeal(Secret(key), iv)


async def open_medium(seal: MediumSeal, sealed: bytes, cipher: BackupCipher) -> Data:
    """`sealed`: the whole file. Raises SealBroken where its tag does not verify."""
    source = InMemory("", sealed)
    held = await cipher.open_gcm(seal.key.expose(), seal.iv, source, 0, source.size, _Silent(), unpack=False)
    try:
        return await held.data(0, held.size)
    finally:
        held.release()

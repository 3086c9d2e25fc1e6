"""AES-GCM's counter for a nonce of 16 bytes, so that the beginning of a file can be looked at before all of it is read.

Source: NIST SP 800-38D, sections 6.3 (multiplication), 7.1 (J0 for a nonce that is not 12 bytes). Nothing here is used
to authenticate: a tag is verified by the provider's AES-GCM alone.
"""

from webapp.engine.ports import BackupCipher

BLOCK = 16
_REDUCTION = 0xE1 << 120


def _multiply(left: int, right: int) -> int:
    product = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = (right >> 1) ^ (_REDUCTION if right & 1 else 0)
    return product


async def first_counter(cipher: BackupCipher, key: bytes, iv: bytes) -> bytes:
    """The counter block of the first 16 bytes of ciphertext: J0 + 1. iv: 16 bytes."""
    hash_key = int.from_bytes(await cipher.aes_ctr_streams(key, [bytes(BLOCK)], BLOCK), "big")
    state = _multiply(int.from_bytes(iv, "big"), hash_key)
    start = _multiply(state ^ (8 * len(iv)), hash_key).to_bytes(BLOCK, "big")
    counter = (int.from_bytes(start[12:], "big") + 1) & 0xFFFFFFFF
    return start[:12] + counter.to_bytes(4, "big")


async def first_bytes(cipher: BackupCipher, key: bytes, counter: bytes, ciphertext: bytes) -> bytes:
    """The unverified plaintext of the beginning of a file, to see whether the key is the right one."""
    stream = await cipher.aes_ctr_streams(key, [counter], len(ciphertext))
    return (int.from_bytes(stream, "big") ^ int.from_bytes(ciphertext, "big")).to_bytes(len(ciphertext), "big")

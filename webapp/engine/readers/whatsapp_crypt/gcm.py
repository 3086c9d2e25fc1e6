"""AES-GCM for a nonce of 16 bytes, taken apart: its counter, and its tag put together from pieces.

WebCrypto opens an AES-GCM message only as a whole, which costs four times its size in memory. GHASH is linear, so the
tag of a long message can be computed from pieces: WebCrypto authenticates each piece as associated data of an empty
message, and what each gives is combined here. Source: NIST SP 800-38D, sections 6.3 and 6.4 (multiplication and GHASH)
and 7.1 (J0 for a nonce that is not 12 bytes).
"""

from webapp.engine.ports import BackupCipher

BLOCK = 16
_REDUCTION = 0xE1 << 120
_ONE = 1 << 127


def multiply(left: int, right: int) -> int:
    """The product of two elements of GF(2¹²⁸) in GCM's order of bits."""
    product = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = (right >> 1) ^ (_REDUCTION if right & 1 else 0)
    return product


def power(base: int, exponent: int) -> int:
    """base^exponent in GF(2¹²⁸)."""
    result = _ONE
    while exponent:
        if exponent & 1:
            result = multiply(result, base)
        base = multiply(base, base)
        exponent >>= 1
    return result


async def hash_key(cipher: BackupCipher, key: bytes) -> int:
    """H, the encryption of the zero block."""
    return int.from_bytes(await cipher.aes_ctr_streams(key, [bytes(BLOCK)], BLOCK), "big")


def start_block(hash_key: int, nonce: bytes) -> bytes:
    """J0 for a nonce of 16 bytes."""
    state = multiply(int.from_bytes(nonce, "big"), hash_key)
    return multiply(state ^ (8 * len(nonce)), hash_key).to_bytes(BLOCK, "big")


def counter_at(start: bytes, block: int) -> bytes:
    """The counter of a block of ciphertext (from 0) behind J0: its last 32 bits wrap around."""
    counter = (int.from_bytes(start[12:], "big") + 1 + block) & 0xFFFFFFFF
    return start[:12] + counter.to_bytes(4, "big")


async def first_counter(cipher: BackupCipher, key: bytes, nonce: bytes) -> bytes:
    """The counter of the first 16 bytes of ciphertext."""
    return counter_at(start_block(await hash_key(cipher, key), nonce), 0)


async def first_bytes(cipher: BackupCipher, key: bytes, counter: bytes, ciphertext: bytes) -> bytes:
    """The unverified plaintext of the beginning of a file, to see whether the key is the right one."""
    stream = await cipher.aes_ctr_streams(key, [counter], len(ciphertext))
    return (int.from_bytes(stream, "big") ^ int.from_bytes(ciphertext, "big")).to_bytes(len(ciphertext), "big")


class TagFromPieces:
    """The tag of a message whose ciphertext passes in pieces; all but the last a multiple of 16 bytes long.

    `mask`: the encryption of the first counter of the nonce under which the pieces are authenticated.
    """

    def __init__(self, hash_key: int, mask: bytes) -> None:
        self._hash_key = hash_key
        self._inverse = power(hash_key, (1 << 128) - 2)
        self._mask = int.from_bytes(mask, "big")
        self._state = 0
        self._size = 0
        self._powers: dict[int, int] = {}

    def add(self, tag: bytes, size: int) -> None:
        """tag: of an empty message whose associated data are the next `size` bytes."""
        blocks = -(-size // BLOCK)
        piece = multiply(int.from_bytes(tag, "big") ^ self._mask, self._inverse) ^ (8 * size << 64)
        if blocks not in self._powers:
            self._powers[blocks] = power(self._hash_key, blocks)
        self._state = multiply(self._state, self._powers[blocks]) ^ piece
        self._size += size

    def tag(self, mask: bytes) -> bytes:
        """mask: the encryption of the message's own J0."""
        state = multiply(self._state ^ 8 * self._size, self._hash_key)
        return (state ^ int.from_bytes(mask, "big")).to_bytes(BLOCK, "big")

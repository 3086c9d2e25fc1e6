"""The native crypto provider on several cores: what is long runs in threads, since the libraries let go of the lock."""

import asyncio
from collections.abc import Callable, Sequence

from webapp.engine.ports import Data, Segment

from .crypto import NativeCrypto

LONG_BYTES = 64 * 1024
"""Below this, changing threads costs more than it gives."""


class ThreadedCrypto(NativeCrypto):
    """`CryptoProvider` for jobs with several chunks under way."""

    async def sha256(self, data: Data) -> bytes:
        return await _off(len(data), lambda: self.sha256_now(data))

    async def hmac_sha256(self, key: bytes, data: Data) -> bytes:
        return await _off(len(data), lambda: self.hmac_sha256_now(key, data))

    async def seal_segments(self, key: bytes, segments: Sequence[Segment], source: Data, header: bytes) -> Data:
        return await _off(len(source), lambda: self.seal_segments_now(key, segments, source, header))

    async def open_segments(self, key: bytes, segments: Sequence[Segment], source: Data) -> Data:
        return await _off(len(source), lambda: self.open_segments_now(key, segments, source))


async def _off[T](size: int, work: Callable[[], T]) -> T:
    return work() if size < LONG_BYTES else await asyncio.to_thread(work)

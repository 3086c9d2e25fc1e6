"""Raw deflate by zlib: the engine's `Inflater`."""

import zlib

from webapp.engine.errors import ChunkDamaged
from webapp.engine.ports import Data


class NativeInflater:
    async def inflate(self, data: Data, size: int) -> Data:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte more than expected, so that a longer content shows itself without being inflated whole.
            content = inflater.decompress(data, size + 1)  # type: ignore[arg-type]
        except zlib.error as error:
            raise ChunkDamaged from error
        if len(content) != size or not inflater.eof or inflater.unused_data:
            raise ChunkDamaged
        return content

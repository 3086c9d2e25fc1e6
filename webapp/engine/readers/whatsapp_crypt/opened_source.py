"""What an encrypted file holds, as a source."""

from webapp.engine.ports import Data, Held, OpenableBySqlite


class OpenedSource:
    """The plaintext of an encrypted file, under the name the file has without its encryption."""

    def __init__(self, held: Held, name: str, modified: float | None) -> None:
        self.held = held
        self.name = name
        self.modified = modified
        if isinstance(held, OpenableBySqlite):
            self.path = held.path

    @property
    def size(self) -> int:
        return self.held.size

    def read(self, offset: int, length: int) -> bytes:
        return self.held.read(offset, length)

    async def data(self, offset: int, length: int) -> Data:
        return await self.held.data(offset, length)

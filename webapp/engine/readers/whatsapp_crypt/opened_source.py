"""What an encrypted file holds, as a source."""

from webapp.engine.ports import Data, Held, OpenableBySqlite


class OpenedSource:
    """The plaintext of an encrypted file, under the name the file has without its encryption."""

    def __init__(self, held: Held, name: str, modified: float | None, seal: str = "") -> None:
        """`seal`: what opens the original again when the backup is looked at; empty where nobody asks for it."""
        self.held = held
        self.seal = seal
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

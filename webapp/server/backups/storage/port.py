"""What backups need from a store of objects.

An object's name carries the digest of its content (storage/names.py), so an object never changes: writing it again
writes the same bytes, and two writers cannot harm each other. Which object counts is said by the database row alone;
an object without a row is harmless and waits for collection.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol


class StoreFull(Exception):
    """No room left. Nothing of the staging was published."""


class ObjectMissing(Exception):
    """The store holds no object of this name."""


class StoredObject(NamedTuple):
    """An object as a listing shows it. size in bytes; written: when, UTC."""

    name: str
    size: int
    written: datetime


class Staging(Protocol):
    """Objects on their way in. Leaving the `with` block without `publish` leaves nothing behind."""

    def write(self, pieces: Iterable[bytes]) -> int:
        """Take in one object's bytes, as they come; → its number in this staging. Raises StoreFull."""
        ...

    def read(self, number: int) -> BinaryIO:
        """The bytes taken in under that number, published by now or not."""
        ...

    def publish(self, names: dict[int, str]) -> None:
        """Put the numbered objects under their names; each is whole and durable on return. Raises StoreFull."""
        ...

    def __enter__(self) -> "Staging": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """Named, immutable objects."""

    def stage(self) -> Staging: ...

    def open(self, name: str) -> BinaryIO:
        """Raises ObjectMissing."""
        ...

    def size(self, name: str) -> int:
        """Exact size in bytes. Raises ObjectMissing."""
        ...

    def delete(self, name: str) -> None:
        """Gone afterwards, whether it was there or not."""
        ...

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """Every object whose name begins with `prefix` (empty, or ending in a slash), rising by name. What is still
        being staged is not among them."""
        ...

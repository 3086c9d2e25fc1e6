"""The store in a local folder: temporary file, fsync, rename, fsync of the folder."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from .port import ObjectMissing, StoredObject, StoreFull

STAGING = "staging"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def _no_room_is_typed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull from error
        raise


def _sync_folder(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class LocalStaging:
    """Temporary files in one folder of their own, on the same file system as the objects."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STAGING / secrets.token_hex(16)
        self._count = 0
        self._published: dict[int, str] = {}

    def __enter__(self) -> "LocalStaging":
        with _no_room_is_typed():
            self._folder.mkdir(parents=True, mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, number: int) -> str:
        return f"{self._folder}/{number}"

    def write(self, pieces: Iterable[bytes]) -> int:
        """See Staging.write. Not durable yet: `publish` syncs all files together."""
        number = self._count
        self._count += 1
        with _no_room_is_typed():
            descriptor = os.open(self._path(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            for piece in pieces:
                self._write_all(descriptor, piece)
        finally:
            os.close(descriptor)
        return number

    def _write_all(self, descriptor: int, piece: bytes) -> None:
        view = memoryview(piece)
        with _no_room_is_typed():
            while view:
                view = view[self._write(descriptor, view) :]

    def _write(self, descriptor: int, view: memoryview) -> int:
        return os.write(descriptor, view)

    def read(self, number: int) -> BinaryIO:
        """See Staging.read."""
        return open(self._published.get(number) or self._path(number), "rb")

    def publish(self, names: dict[int, str]) -> None:
        """See Staging.publish. Whatever needs room comes first: all bytes reach the disk and all folders are there
        before the first file gets its name."""
        targets = {number: os.path.join(self._root, name) for number, name in names.items()}
        folders = {os.path.dirname(target) for target in targets.values()}
        with _no_room_is_typed():
            for number in targets:
                self._sync(self._path(number))
            for folder in folders:
                self._make_folder(folder)
            for number, target in targets.items():
                os.replace(self._path(number), target)
                self._published[number] = target
            for folder in folders:
                _sync_folder(folder)

    def _sync(self, path: str) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _make_folder(self, folder: str) -> None:
        """Like makedirs, and each new folder's entry in its parent is durable."""
        if os.path.isdir(folder):
            return
        parent = os.path.dirname(folder)
        self._make_folder(parent)
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            return
        _sync_folder(parent)


class LocalStore:
    """Objects as files under `root`."""

    staging_type = LocalStaging

    def __init__(self, root: Path) -> None:
        self._root = root

    def stage(self) -> LocalStaging:
        """A fresh staging; use it in a `with` block."""
        return self.staging_type(self._root)

    def open(self, name: str) -> BinaryIO:
        """See Store.open."""
        try:
            return open(self._root / name, "rb")
        except FileNotFoundError as error:
            raise ObjectMissing(name) from error

    def size(self, name: str) -> int:
        """See Store.size."""
        try:
            return os.stat(self._root / name).st_size
        except FileNotFoundError as error:
            raise ObjectMissing(name) from error

    def delete(self, name: str) -> None:
        """See Store.delete."""
        (self._root / name).unlink(missing_ok=True)

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """See Store.objects. One folder's names are in memory at a time."""
        yield from self._walk(prefix)

    def _walk(self, prefix: str) -> Iterator[StoredObject]:
        try:
            entries = sorted(os.scandir(self._root / prefix), key=lambda entry: entry.name + "/" * entry.is_dir())
        except FileNotFoundError:
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if prefix or entry.name != STAGING:
                    yield from self._walk(f"{prefix}{entry.name}/")
                continue
            try:
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield StoredObject(f"{prefix}{entry.name}", stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

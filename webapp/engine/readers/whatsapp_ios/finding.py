"""Which of the chosen files are the databases, by their content, and under which paths the other files are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.errors import CofferError
from webapp.engine.readers.foreign_database import ForeignDatabase, is_sqlite
from webapp.engine.readers.items import Item

DOMAIN = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared"
_MARKS = {
    b"CREATE TABLE ZWAMESSAGE ": "chats",
    b"CREATE TABLE ZWAADDRESSBOOKCONTACT ": "contacts",
    b"CREATE TABLE ZWACDCALLEVENT ": "calls",
}
_LONGEST_MARK = max(map(len, _MARKS))
MOST_FILES = 5_000_000


class DeviceBackupEncrypted(CofferError):
    """The folder is an encrypted backup of an iPhone: its own list of files is encrypted too. data: {file}."""

    code = "device_backup_encrypted"
    message = "This is an encrypted backup of an iPhone, which cannot be opened here."
    next_step = "In Finder or iTunes turn off “Encrypt local backup”, back up once more, and choose the new folder."

    def __init__(self, file: str) -> None:
        super().__init__(data={"file": file})


@dataclass(frozen=True, slots=True)
class Known:
    """A file and the path under which the databases know it."""

    path: str
    item: Item


@dataclass(frozen=True, slots=True)
class Storage:
    """One `ChatStorage.sqlite` and what belongs to it. `files` are all others at hand."""

    chats: Known
    contacts: Known | None
    calls: Known | None
    files: tuple[Known, ...]

    def log_of(self, database: Known) -> Item | None:
        """The write-ahead log beside a database."""
        wanted = f"{database.path}-wal"
        for file in self.files:
            if file.path == wanted and _together(database, file):
                return file.item
        return None


def storages(items: Sequence[Item]) -> list[Storage]:
    """Every chat storage among `items`. Reads databases through, and the list of a device backup.

    Raises DeviceBackupEncrypted, and what reading a damaged list raises.
    """
    names = _names_of_device_backup(items)
    known = [Known(names.get(index, item.path), item) for index, item in enumerate(items)]
    kinds: dict[str, list[Known]] = {kind: [] for kind in _MARKS.values()}
    for file in known:
        kind = _kind(file.item)
        if kind is not None:
            kinds[kind].append(file)
    databases = [file for group in kinds.values() for file in group]
    others = tuple(file for file in known if file not in databases)
    return [
        Storage(chats, _nearest(chats, kinds["contacts"]), _nearest(chats, kinds["calls"]), others)
        for chats in kinds["chats"]
    ]


def _kind(item: Item) -> str | None:
    try:
        if not is_sqlite(item.head(16)):
            return None
        # A database that was vacuumed has its table of tables anywhere, so all of it is looked through.
        tail = b""
        for piece in item.pieces():
            window = tail + piece
            for mark, kind in _MARKS.items():
                if mark in window:
                    return kind
            tail = piece[-_LONGEST_MARK:]
    except CofferError:
        return None
    return None


def _nearest(chats: Known, candidates: Sequence[Known]) -> Known | None:
    """The one in the same folder, else the first."""
    folder = chats.path.rpartition("/")[0]
    for candidate in candidates:
        if candidate.path.rpartition("/")[0] == folder and _together(chats, candidate):
            return candidate
    return candidates[0] if candidates else None


def _together(one: Known, other: Known) -> bool:
    """Whether equal folders are the same folder: both lone files, or members of one zip."""
    if one.item.member is None or other.item.member is None:
        return one.item.member is other.item.member
    return one.item.source_index == other.item.source_index


def _names_of_device_backup(items: Sequence[Item]) -> dict[int, str]:
    """Place among the items → relative path, for the files of WhatsApp in a device backup."""
    names: dict[int, str] = {}
    for manifest in items:
        if manifest.name != "Manifest.db":
            continue
        folder = manifest.path.rpartition("/")[0]
        if not is_sqlite(manifest.head(16)):
            if any(item.name == "Manifest.plist" and item.path.rpartition("/")[0] == folder for item in items):
                raise DeviceBackupEncrypted(manifest.name)
            continue
        prefix = f"{folder}/" if folder else ""
        hashed = {item.path: index for index, item in enumerate(items) if item.path.startswith(prefix)}
        with ForeignDatabase(manifest) as database:
            if not {"FILEID", "DOMAIN", "RELATIVEPATH"} <= database.columns("Files"):
                continue
            rows = database.rows(
                "SELECT fileID, relativePath FROM Files WHERE domain = ? LIMIT ?", (DOMAIN, MOST_FILES)
            )
            for identity, path in rows:
                if isinstance(identity, str) and isinstance(path, str) and path:
                    for place in (f"{prefix}{identity[:2]}/{identity}", f"{prefix}{identity}"):
                        if place in hashed:
                            names[hashed[place]] = path
    return names

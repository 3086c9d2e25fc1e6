"""A choice of files → the same choice with encrypted files opened, and with keys taken out of it.

A key that lies among the chosen files is used and never backed up. Places are kept, so that a medium's `source` means
the same file before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError, SealBroken
from webapp.engine.ports import BackupCipher, Data, Held, OpenableBySqlite, Reporter, Source
from webapp.engine.readers.whatsapp_crypt.container import Container, container_of
from webapp.engine.readers.whatsapp_crypt.errors import BackupKeyNeeded
from webapp.engine.readers.whatsapp_crypt.keys import LONGEST_KEY_FILE, RootKey, WhatsAppKey, is_key_file, key_of_file
from webapp.engine.readers.whatsapp_crypt.media import media_keys
from webapp.engine.readers.whatsapp_crypt.opening import open_container


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


@dataclass(frozen=True, slots=True)
class Opened:
    """`originals` are the chosen files without keys; `sources` the same places, opened. `encrypted`: place → kind.
    `unopened` counts media whose tag did not verify: they stay as they are."""

    originals: tuple[Source, ...]
    sources: tuple[Source, ...]
    encrypted: dict[int, str] = field(default_factory=dict)
    unopened: int = 0

    def release(self) -> None:
        """Gives the plaintexts back."""
        for source in self.sources:
            if isinstance(source, OpenedSource):
                source.held.release()


async def open_sources(
    sources: Sequence[Source],
    keys: Sequence[Secret],
    cipher: BackupCipher,
    report: Reporter,
    *,
    salvage: bool = False,
) -> Opened:
    """Opens what is encrypted with the `keys` (typed texts, or key files' contents) and those among the files.

    Raises the errors of `open_container`; KeyBadLetter, KeyWrongLength or BackupKeyUnreadable where a key is needed and
    the given one is none.
    """
    usable, unusable = _parsed(keys)
    originals: list[Source] = []
    for source in sources:
        head = source.read(0, source.size) if 0 < source.size <= LONGEST_KEY_FILE else b""
        if is_key_file(head):
            usable.append(key_of_file(head))
        else:
            originals.append(source)
    opened: list[Source] = []
    encrypted: dict[int, str] = {}
    unopened = 0
    try:
        for place, source in enumerate(originals):
            report.check()
            container = container_of(source) if source.size else None
            if container is None:
                opened.append(source)
            elif container.kind == "mcrypt1":
                medium = await _medium(cipher, source, usable, report)
                unopened += medium is None
                opened.append(medium or source)
                encrypted[place] = container.kind
            else:
                opened.append(await _database(cipher, source, container, usable, report, salvage))
                encrypted[place] = container.kind
    except BaseException as error:
        Opened((), tuple(opened)).release()
        if isinstance(error, BackupKeyNeeded) and unusable:
            raise unusable[0] from None
        raise
    return Opened(tuple(originals), tuple(opened), encrypted, unopened)


def _parsed(keys: Sequence[Secret]) -> tuple[list[WhatsAppKey], list[CofferError]]:
    """The WhatsApp keys among what was given, and what is wrong with the others, which may be for other files."""
    usable: list[WhatsAppKey] = []
    unusable: list[CofferError] = []
    for key in keys:
        try:
            usable.append(key_of_file(key.expose()))
        except CofferError as error:
            unusable.append(error)
    return usable, unusable


async def _database(
    cipher: BackupCipher,
    source: Source,
    container: Container,
    keys: Sequence[WhatsAppKey],
    report: Reporter,
    salvage: bool,
) -> OpenedSource:
    held = await open_container(cipher, source, container, keys, report, salvage=salvage)
    stem = source.name
    for number in ("12", "14", "15"):
        stem = stem.removesuffix(f".crypt{number}")
    return OpenedSource(held, stem, source.modified)


async def _medium(
    cipher: BackupCipher, source: Source, keys: Sequence[WhatsAppKey], report: Reporter
) -> OpenedSource | None:
    """A medium from Drive; None where no key opens it: one lost picture must not keep a person from the others."""
    roots = [key for key in keys if isinstance(key, RootKey)]
    if not roots:
        raise BackupKeyNeeded(source.name, "mcrypt1")
    folder, slash, own = source.name.rpartition("/")
    stem = own.partition(".")[0].lower()
    for root in roots:
        for key, iv in media_keys(root, bytes.fromhex(stem)):
            try:
                held = await cipher.open_gcm(key.expose(), iv, source, 0, source.size, report, unpack=False)
            except SealBroken:
                continue
            return OpenedSource(held, f"{folder}{slash}{stem}", source.modified)
    return None

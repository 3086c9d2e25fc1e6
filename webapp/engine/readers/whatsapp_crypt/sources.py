"""A choice of files → the same choice with encrypted files opened, and with keys taken out of it.

A key that lies among the chosen files is used and never backed up. Places are kept, so that a medium's `source` means
the same file before and after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError, SealBroken
from webapp.engine.ports import BackupCipher, Reporter, Source
from webapp.engine.readers.whatsapp_crypt.container import Container, container_of
from webapp.engine.readers.whatsapp_crypt.errors import BackupKeyNeeded
from webapp.engine.readers.whatsapp_crypt.in_zips import ZipWithOpened, encrypted_among, keys_among, members_of_zip
from webapp.engine.readers.whatsapp_crypt.keys import LONGEST_KEY_FILE, RootKey, WhatsAppKey, is_key_file, key_of_file
from webapp.engine.readers.whatsapp_crypt.media import (
    LONGEST_METADATA,
    METADATA_ENDING,
    media_keys,
    name_on_the_phone,
)
from webapp.engine.readers.whatsapp_crypt.medium_seal import MediumSeal
from webapp.engine.readers.whatsapp_crypt.opened_source import OpenedSource
from webapp.engine.readers.whatsapp_crypt.opening import open_container


@dataclass(frozen=True, slots=True)
class Opened:
    """`originals` are the chosen files without keys; `sources` the same places, opened. `encrypted`: place → kind.
    `unopened` counts media whose tag did not verify: they stay as they are. `encrypted_in_zips`: kinds of
    members that were opened in their zips."""

    originals: tuple[Source, ...]
    sources: tuple[Source, ...]
    encrypted: dict[int, str] = field(default_factory=dict)
    unopened: int = 0
    encrypted_in_zips: frozenset[str] = frozenset()

    def release(self) -> None:
        """Gives the plaintexts back."""
        for source in self.opened():
            source.held.release()

    def opened(self) -> Iterator[OpenedSource]:
        """Everything that was opened, alone or in a zip."""
        for source in self.sources:
            if isinstance(source, OpenedSource):
                yield source
            elif isinstance(source, ZipWithOpened):
                yield from source.opened_members.values()


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
    members = [members_of_zip(source) for source in originals]
    for source, inside in zip(originals, members, strict=True):
        usable += keys_among(source, inside)
    described = {
        source.name.casefold(): source
        for source in originals
        if source.name.casefold().endswith(METADATA_ENDING) and source.size <= LONGEST_METADATA
    }
    opened: list[Source] = []
    encrypted: dict[int, str] = {}
    unopened = 0
    in_zips: set[str] = set()
    try:
        for place, source in enumerate(originals):
            report.check()
            container = container_of(source) if source.size else None
            if container is None:
                # In the list before its members are opened, so that these are released with it.
                zipped = ZipWithOpened(source)
                opened.append(zipped if members[place] else source)
                for path, content in encrypted_among(source, members[place]):
                    kind = container_of(content)
                    if kind is not None:
                        in_zips.add(kind.kind)
                        zipped.opened_members[path] = await _database(cipher, content, kind, usable, report, salvage)
                if members[place] and not zipped.opened_members:
                    opened[-1] = source
            elif container.kind == "mcrypt1":
                beside = described.get(f"{source.name}{METADATA_ENDING}".casefold())
                medium = await _medium(cipher, source, beside, usable, report)
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
    return Opened(tuple(originals), tuple(opened), encrypted, unopened, frozenset(in_zips))


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
    cipher: BackupCipher, source: Source, beside: Source | None, keys: Sequence[WhatsAppKey], report: Reporter
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
            content = beside.read(0, beside.size) if beside else b""
            name = await name_on_the_phone(cipher, root, content) or stem
            return OpenedSource(held, f"{folder}{slash}{name}", source.modified, MediumSeal(key, iv).to_text())
    return None

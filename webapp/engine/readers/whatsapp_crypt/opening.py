"""Key and encrypted file → the plaintext, once its tag verifies; every failure told apart.

Before the whole is decrypted a look at its first bytes tells whether the key fits. After a tag that does not verify,
the MD5 that WhatsApp puts behind its backups and the end of the compressed stream tell what is wrong.
"""

import hashlib
from collections.abc import Sequence

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import SealBroken
from webapp.engine.ports import BackupCipher, Held, Reporter, Source
from webapp.engine.readers.whatsapp_crypt.container import MD5_BYTES, TAG_BYTES, Container
from webapp.engine.readers.whatsapp_crypt.errors import (
    BackupDamaged,
    BackupKeyNeeded,
    BackupKeyOrDamage,
    BackupKeyWrong,
    BackupTooLarge,
    BackupTruncated,
)
from webapp.engine.readers.whatsapp_crypt.gcm import first_bytes, first_counter
from webapp.engine.readers.whatsapp_crypt.keys import LegacyKey, RootKey, WhatsAppKey
from webapp.engine.readers.whatsapp_crypt.payload import PROBE_BYTES, LooseStream, is_plausible, is_zlib

_PIECE = 1 << 23


async def open_container(
    cipher: BackupCipher,
    source: Source,
    container: Container,
    keys: Sequence[WhatsAppKey],
    report: Reporter,
    *,
    salvage: bool = False,
) -> Held:
    """The plaintext of a database or increment, inflated. `salvage`: hand out what can be had of a damaged file.

    Raises BackupKeyNeeded, BackupKeyWrong, BackupKeyOrDamage, BackupTruncated, BackupDamaged, BackupTooLarge,
    SourceChanged, Cancelled.
    """
    key, counter, packed = await _fitting_key(cipher, source, container, keys, report)
    for end in container.ends:
        try:
            return await cipher.open_gcm(
                key.expose(), container.iv, source, container.start, end, report, unpack=packed
            )
        except SealBroken:
            continue
        except OverflowError:
            raise BackupTooLarge(source.name, cipher.limit_unpacked) from None
        except ValueError:
            # The tag verified, so the phone itself wrote it like this.
            raise BackupDamaged(source.name, container.kind) from None
    try:
        loose = await cipher.open_unverified(key.expose(), counter, source, container.start, source.size, report)
    except OverflowError:
        raise BackupTooLarge(source.name, cipher.limit_unpacked) from None
    return _judged(cipher, source, container.kind, loose, salvage, report)


async def _fitting_key(
    cipher: BackupCipher, source: Source, container: Container, keys: Sequence[WhatsAppKey], report: Reporter
) -> tuple[Secret, bytes, bool]:
    """The key under which the file begins as it should, the counter of its first block, and whether what comes out is
    compressed."""
    wanted = RootKey if container.kind == "crypt15" else LegacyKey
    given = [key for key in keys if isinstance(key, wanted)]
    if not given:
        raise BackupKeyNeeded(source.name, container.kind)
    fitting = [key for key in given if not isinstance(key, LegacyKey) or _same_salts(key, container)]
    beginning = source.read(container.start, min(PROBE_BYTES, max(0, source.size - container.start - TAG_BYTES)))
    for candidate in fitting:
        key = candidate.database_key() if isinstance(candidate, RootKey) else candidate.aes
        counter = await first_counter(cipher, key.expose(), container.iv)
        plain = await first_bytes(cipher, key.expose(), counter, beginning)
        if is_plausible(plain):
            return key, counter, is_zlib(plain)
    if not fitting or _digest_matches(source, container, report):
        raise BackupKeyWrong(source.name, container.kind)
    raise BackupKeyOrDamage(source.name, container.kind)


def _same_salts(key: LegacyKey, container: Container) -> bool:
    """crypt12 and crypt14 say which key file they were made with. These are no secrets."""
    return (key.server_salt, key.google_id) == (container.server_salt, container.google_id)


def _digest_matches(source: Source, container: Container, report: Reporter) -> bool:
    """Whether the MD5 behind the tag is that of everything before it: then the file is as the phone wrote it."""
    if container.digest_end is None:
        return False
    digest = hashlib.md5(usedforsecurity=False)
    for start in range(0, container.digest_end, _PIECE):
        report.check()
        digest.update(source.read(start, min(_PIECE, container.digest_end - start)))
    return digest.digest() == source.read(container.digest_end, MD5_BYTES)


def _judged(cipher: BackupCipher, source: Source, kind: str, loose: Held, salvage: bool, report: Reporter) -> Held:
    """Why the tag did not verify; the unverified plaintext only where the person asked for it."""
    stream = LooseStream(loose, report)
    try:
        if salvage:
            return cipher.hold(stream.pieces())
        for _ in stream.pieces():
            pass
    except OverflowError:
        raise BackupTooLarge(source.name, cipher.limit_unpacked) from None
    finally:
        loose.release()
    raise (BackupTruncated if stream.cut_off else BackupDamaged)(source.name, kind)

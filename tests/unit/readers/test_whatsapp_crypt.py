"""Encrypted WhatsApp files: every kind opens with its key, and everything else is told apart."""

import asyncio
import base64
import zlib

import pytest

from tests.fixtures_crypt import (
    LEGACY_KEY,
    ROOT,
    ROOT_KEY,
    Quiet,
    crypt12,
    crypt14,
    crypt15,
    field,
    flipped,
    legacy_key_file,
    mcrypt1,
    mcrypt1_metadata,
    prefix15,
    root_key_file,
    varint,
)
from tests.fixtures_export import MemorySource, zip_of
from tests.fixtures_msgstore import message, modern
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import CofferError, KeyBadLetter, KeyWrongLength
from webapp.engine.readers.whatsapp_crypt.container import container_of
from webapp.engine.readers.whatsapp_crypt.errors import (
    BackupDamaged,
    BackupHeaderDamaged,
    BackupKeyNeeded,
    BackupKeyOrDamage,
    BackupKeyUnreadable,
    BackupKeyWrong,
    BackupNotByDigits,
    BackupTooLarge,
    BackupTruncated,
)
from webapp.engine.readers.whatsapp_crypt.keys import LegacyKey, RootKey, key_of_digits, key_of_file
from webapp.engine.readers.whatsapp_crypt.sources import Opened, open_sources

CONTENT = b"SQLite format 3\x00" + b"".join(f"row {n} of many;".encode() for n in range(20_000))
DIGITS = Secret(ROOT.hex().encode())
LEGACY = Secret(legacy_key_file())
KEYS = (DIGITS, LEGACY)
OTHER = Secret(b"00" * 32)
NAME = "00112233445566778899aabbccddeeff"


def opened(files: dict[str, bytes], keys: tuple[Secret, ...] = KEYS, *, salvage: bool = False) -> Opened:
    sources = [MemorySource(name, content) for name, content in files.items()]
    return asyncio.run(open_sources(sources, keys, NativeCrypto(), Quiet(), salvage=salvage))


def content_of(content: bytes, *, name: str = "msgstore.db.crypt15", **options: bool) -> bytes:
    (source,) = opened({name: content}, **options).sources
    return source.read(0, source.size)


def refused(content: bytes, keys: tuple[Secret, ...] = KEYS) -> type[CofferError]:
    with pytest.raises(CofferError) as caught:
        opened({"msgstore.db.crypt15": content}, keys)
    return type(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        crypt15(CONTENT),
        crypt15(CONTENT, footer=False),
        crypt15(CONTENT, packed=False),
        crypt15(CONTENT, prefix=prefix15(flags=90)),
        crypt15(CONTENT, prefix=prefix15(flags=4)),
        crypt15(CONTENT, prefix=prefix15(extra=field(6, 3))),
        crypt15(CONTENT, prefix=prefix15(extra=field(5, bytes(700)) + field(6, 3))),
        crypt14(CONTENT),
        crypt14(CONTENT, footer=False),
        crypt12(CONTENT),
    ],
    ids=["15", "no-footer", "plain", "long", "short", "newer", "passkey-metadata", "14", "14-no-footer", "12"],
)
def test_every_shape_opens_by_its_content_under_any_name(content: bytes) -> None:
    assert content_of(content, name="anything.bin") == CONTENT


def test_a_length_of_one_byte_followed_by_01_is_an_older_tools_file() -> None:
    prefix = prefix15(flags=20)
    assert len(prefix) < 128
    made = crypt15(CONTENT, prefix=prefix, footer=False)
    assert content_of(made[:1] + b"\x01" + made[1:]) == CONTENT


def test_the_plaintext_is_called_like_the_file_without_its_encryption_and_keys_are_not_backed_up() -> None:
    found = opened({"Databases/msgstore.db.crypt15": crypt15(CONTENT), "encrypted_backup.key": root_key_file()}, ())
    assert [source.name for source in found.sources] == ["Databases/msgstore.db"]
    assert [source.name for source in found.originals] == ["Databases/msgstore.db.crypt15"]
    assert found.encrypted == {0: "crypt15"}


def test_files_that_are_not_encrypted_pass_as_they_are() -> None:
    files = {"a.txt": b"[12.05.22, 10:00] Ann: hi\n", "b.jpg": b"\xff\xd8\xff" + bytes(90), "c": b"", "d": bytes(300)}
    found = opened(files, ())
    assert [source.read(0, source.size) for source in found.sources] == list(files.values())
    assert found.encrypted == {}


@pytest.mark.parametrize("kind", ["crypt12", "crypt14", "crypt15"])
def test_without_a_key_the_right_one_is_asked_for(kind: str) -> None:
    made = {"crypt12": crypt12, "crypt14": crypt14, "crypt15": crypt15}[kind](CONTENT)
    wrong_sort = (LEGACY,) if kind == "crypt15" else (DIGITS,)
    for keys in ((), wrong_sort):
        with pytest.raises(BackupKeyNeeded) as caught:
            opened({"m": made}, keys)
        assert caught.value.data == {"file": "m", "kind": kind}


def test_a_wrong_key_is_told_from_damage() -> None:
    assert refused(crypt15(CONTENT), (OTHER,)) is BackupKeyWrong
    assert refused(crypt14(CONTENT), (Secret(legacy_key_file(salt=bytes(32))),)) is BackupKeyWrong
    same_salts = Secret(legacy_key_file(aes=bytes(32)))
    assert refused(crypt14(CONTENT), (same_salts,)) is BackupKeyWrong
    assert refused(crypt12(CONTENT), (same_salts,)) is BackupKeyWrong
    assert refused(crypt15(CONTENT, footer=False), (OTHER,)) is BackupKeyOrDamage


def test_of_several_keys_the_fitting_one_is_found() -> None:
    (source,) = opened({"m": crypt15(CONTENT)}, (OTHER, LEGACY, DIGITS)).sources
    assert source.size == len(CONTENT)


@pytest.mark.parametrize("make", [crypt15, crypt14, crypt12])
@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.95])
def test_a_flipped_bit_anywhere_in_the_content_is_damage(make, place: float) -> None:
    made = make(CONTENT)
    assert refused(flipped(made, [200 + int((len(made) - 240) * place)])) is BackupDamaged


def test_a_flipped_bit_in_the_first_block_or_in_the_tag_is_damage_too() -> None:
    made = crypt15(CONTENT)
    start = container_of(MemorySource("m", made)).start  # type: ignore[union-attr]
    assert refused(flipped(made, [start])) is BackupDamaged
    assert refused(flipped(made, [len(made) - 20])) is BackupDamaged


@pytest.mark.parametrize("before_the_end", range(33, 60))
def test_a_flipped_bit_at_the_very_end_of_a_database_is_damage_and_no_cut(before_the_end: int) -> None:
    made = crypt15(modern(message(2, 1, 0, "hi")))
    assert refused(flipped(made, [len(made) - before_the_end])) is BackupDamaged


def test_a_flipped_bit_in_the_nonce_leaves_open_what_is_wrong() -> None:
    made = crypt15(CONTENT)
    assert refused(flipped(made, [made.index(bytes(range(200, 216)))])) is BackupKeyOrDamage


@pytest.mark.parametrize("make", [crypt15, crypt14, crypt12])
@pytest.mark.parametrize("missing", [21, 33, 40, 5_000, 30_000])
def test_a_file_that_was_cut_off_is_called_so(make, missing: int) -> None:
    assert refused(make(CONTENT)[:-missing]) is BackupTruncated


def test_a_header_that_is_cut_off_is_called_so() -> None:
    for length in (60, 120, 130):
        assert refused(crypt15(CONTENT)[:length]) is BackupHeaderDamaged


def test_a_file_without_its_footer_still_opens() -> None:
    assert content_of(crypt15(CONTENT)[:-16]) == CONTENT


@pytest.mark.parametrize(("kind", "protection"), [(2, "password"), (4, "passkey")])
def test_a_backup_behind_a_password_or_passkey_says_so_before_any_key_is_asked_for(kind: int, protection: str) -> None:
    made = crypt15(CONTENT, prefix=prefix15(extra=field(6, kind)))
    with pytest.raises(BackupNotByDigits) as caught:
        opened({"m": made}, ())
    assert caught.value.data["protection"] == protection
    assert "64-digit" in caught.value.next_step


def test_a_verified_file_whose_stream_is_not_one_is_refused_all_the_same() -> None:
    packed = zlib.compress(CONTENT)
    for content in (packed[:-9], packed + b"more"):
        assert refused(crypt15(content, packed=False)) is BackupDamaged


def test_salvage_is_a_choice_and_gives_what_can_be_had() -> None:
    made = crypt15(CONTENT)
    rescued = content_of(flipped(made, [len(made) - 100]), salvage=True)
    assert rescued[:1000] == CONTENT[:1000]
    assert CONTENT.startswith(content_of(made[:-5_000], salvage=True))


def test_salvage_of_a_file_that_is_whole_is_just_the_file() -> None:
    assert content_of(crypt15(CONTENT), salvage=True) == CONTENT


def test_more_than_fits_is_refused() -> None:
    source = MemorySource("m", crypt15(CONTENT))
    cipher = NativeCrypto()
    cipher.limit_unpacked = 1000  # type: ignore[misc]
    with pytest.raises(BackupTooLarge):
        asyncio.run(open_sources([source], [DIGITS], cipher, Quiet()))


def test_media_of_drive_open_by_their_name() -> None:
    picture = b"\xff\xd8\xff" + bytes(2000)
    found = opened({f"Media/{NAME}.mcrypt1": mcrypt1(picture, NAME)})
    assert found.sources[0].read(0, 5000) == picture
    assert found.sources[0].name == f"Media/{NAME}"


def test_a_medium_of_drive_is_called_as_on_the_phone_where_its_metadata_tell_and_fit() -> None:
    def name(metadata: bytes) -> str:
        found = opened({f"d/{NAME}.mcrypt1": mcrypt1(b"\xff\xd8\xff", NAME), f"d/{NAME}.mcrypt1-metadata": metadata})
        return found.sources[0].name

    path = {"name": "Media/WhatsApp Images/IMG-1.jpg", "updateTime": "2024-01-01T00:00:00Z"}
    whole = mcrypt1_metadata(path)
    assert name(whole) == "d/Media/WhatsApp Images/IMG-1.jpg"
    assert name(mcrypt1_metadata({"name": "/../../etc/passwd"})) == "d/etc/passwd"
    of_another = mcrypt1_metadata(path, bytes(32))
    changed = base64.b64encode(flipped(base64.b64decode(whole), [60]))
    shorter = base64.b64encode(base64.b64decode(whole)[:40])
    for useless in (of_another, changed, shorter, b"?", b"e30=", mcrypt1_metadata({"name": 7}), mcrypt1_metadata({})):
        assert name(useless) == f"d/{NAME}"


def test_a_medium_that_does_not_verify_is_counted_and_left_as_it_is() -> None:
    sealed = mcrypt1(b"\xff\xd8\xff" + bytes(2000), NAME)
    found = opened({f"{NAME}.mcrypt1": flipped(sealed, [50])})
    assert found.unopened == 1
    assert found.sources[0].read(0, 5000) == flipped(sealed, [50])


def test_keys_are_read_in_any_spelling() -> None:
    digits = ROOT.hex()
    spelled = " - ".join(digits[n : n + 4].upper() for n in range(0, 64, 4)) + "\r\n"
    for key in (key_of_digits(spelled), key_of_file(spelled.encode()), key_of_file(root_key_file()), key_of_file(ROOT)):
        assert isinstance(key, RootKey)
        assert key.root == ROOT_KEY.root
    for trailing in (b"", b"\x00"):
        legacy = key_of_file(legacy_key_file(trailing))
        assert isinstance(legacy, LegacyKey)
        assert legacy == LEGACY_KEY


def test_a_key_that_is_none_says_what_is_wrong() -> None:
    with pytest.raises(KeyWrongLength):
        key_of_digits(ROOT.hex()[:-1])
    with pytest.raises(KeyBadLetter):
        key_of_digits("o" + ROOT.hex()[1:])
    for content in (b"\xff" * 59, root_key_file()[:-1], bytes(5000), b"\xac\xed\x00\x05" + bytes(155)):
        with pytest.raises((BackupKeyUnreadable, KeyWrongLength, KeyBadLetter)):
            key_of_file(content)


def test_no_error_and_no_key_prints_a_secret() -> None:
    assert ROOT.hex() not in repr(ROOT_KEY)
    assert "REDACTED" in repr(LEGACY_KEY)


@pytest.mark.parametrize("seed", range(200))
def test_random_damage_to_the_header_never_ends_in_anything_but_a_typed_error(seed: int) -> None:
    made = bytearray(crypt15(CONTENT))
    for step in range(1 + seed % 4):
        made[(seed * 7919 + step * 104_729) % 140] ^= 1 + (seed * 31 + step) % 255
    try:
        found = opened({"m": bytes(made)})
    except CofferError:
        return
    # Parts that only describe the phone may change: the content is verified by its own tag.
    assert found.sources[0].read(0, found.sources[0].size) in (CONTENT, bytes(made))


def test_a_length_that_lies_asks_for_no_memory() -> None:
    source = MemorySource("m", varint(1 << 62) + bytes(4000))
    assert container_of(source) is None


def test_a_mistyped_key_is_named_exactly_where_a_key_is_needed_and_only_there() -> None:
    with pytest.raises(KeyWrongLength):
        opened({"m": crypt15(CONTENT)}, (Secret(b"1234 5678"),))
    assert opened({"a.txt": b"hello"}, (Secret(b"1234 5678"),)).encrypted == {}


@pytest.mark.parametrize("method", [0, 8], ids=["stored", "compressed"])
def test_what_is_encrypted_within_a_zip_is_opened_in_its_place_with_the_key_beside_it(method: int) -> None:
    database = modern(message(2, 1, 0, "sealed"))
    packed = zip_of({"wa/msgstore.db.crypt15": crypt15(database), "wa/encrypted_backup.key": root_key_file()}, method)
    found = opened({"backup.zip": packed}, ())
    assert found.sources[0].read(0, len(packed)) == packed
    (inner,) = found.opened()
    assert (inner.name, inner.read(0, len(database))) == ("backup.zip/wa/msgstore.db", database)
    assert found.encrypted_in_zips == {"crypt15"}
    found.release()
    assert inner.read(0, 16) == b""


def test_an_encrypted_member_of_a_zip_asks_for_its_key_by_its_name() -> None:
    with pytest.raises(BackupKeyNeeded) as caught:
        opened({"backup.zip": zip_of({"msgstore.db.crypt15": crypt15(CONTENT)})}, ())
    assert caught.value.data == {"file": "backup.zip/msgstore.db.crypt15", "kind": "crypt15"}

"""Zips in any layout: names in many encodings, zip64, a zip in a zip, folders dropped whole."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest

from tests.fixtures_export import MemorySource, tell, zip_of
from tests.fixtures_telegram import chat, message, written
from webapp.engine.errors import CofferError
from webapp.engine.readers import nested_zips
from webapp.engine.readers.errors import NotAChatExport
from webapp.engine.zip_index import DamagedZip, zip_members

LINE = b"12/05/2022, 10:00 - Ann: IMG-20220512-WA0001.jpg (file attached)\n"
JPEG = b"\xff\xd8\xff" + bytes(40)
EXPORT = {"WhatsApp Chat with Ann.txt": LINE, "IMG-20220512-WA0001.jpg": JPEG}


def with_names(names: list[bytes], extra: bytes = b"") -> MemorySource:
    """A zip whose names are these bytes, without the UTF-8 flag."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(f"{number:04}".ljust(len(name), "x"), (2024, 1, 2, 3, 4, 6))
            info.extra = extra
            archive.writestr(info, b"x")
    content = file.getvalue()
    for number, name in enumerate(names):
        content = content.replace(f"{number:04}".ljust(len(name), "x").encode(), name)
    return MemorySource("a.zip", content)


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["Zoë.txt", "Müller.txt"], "cp437"),
        (["Grüße aus Köln.txt"], "cp437"),
        (["Zoë.txt", "トーク.txt"], "utf-8"),
        (["トーク履歴.txt", "写真/画像01.jpg"], "cp932"),
        (["каталог.txt"], "utf-8"),
    ],
)
def test_names_are_read_in_the_encoding_they_were_written_in(names: list[str], encoding: str) -> None:
    members = zip_members(with_names([name.encode(encoding) for name in names]))
    assert [member.path for member in members] == names


def test_a_utf8_name_beside_the_old_one_counts_if_it_belongs_to_it() -> None:
    old = b"??????.txt\x81"
    for checksum, path in ((zlib.crc32(old), "ลูก.txt"), (1, "??????.txtü")):
        body = struct.pack("<BI", 1, checksum) + "ลูก.txt".encode()
        extra = struct.pack("<HH", 0x7075, len(body)) + body
        assert zip_members(with_names([old], extra))[0].path == path


@pytest.mark.parametrize(
    "extra", [b"\x75\x70", b"\x75\x70\xff\xff\x01", b"\x75\x70\x00\x00", b"\x75\x70\x06\0\x01abcd\xff"]
)
def test_a_broken_extra_field_is_passed_over_or_refused(extra: bytes) -> None:
    with suppress(DamagedZip):  # newer versions of the standard library look at it themselves
        assert zip_members(with_names([b"\x81.txt"], extra))[0].path == "ü.txt"


def test_zip64_is_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in EXPORT.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    assert [m.size for m in tell(MemorySource("a.zip", file.getvalue())).media] == [len(JPEG)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_exports_that_were_packed_together_are_opened_one_level_deep(method: int) -> None:
    inner = zip_of(EXPORT)
    told = tell(MemorySource("all.zip", zip_of({"WhatsApp Chat - Ann.zip": inner, "b/Ben.zip": inner}, method)))
    assert [chat.title for chat in told.chats] == ["Ann", "Ann"]
    assert [(m.source, m.source_name, m.member, m.size) for m in told.media] == [
        (0, "all.zip", "WhatsApp Chat - Ann.zip/IMG-20220512-WA0001.jpg", len(JPEG)),
        (0, "all.zip", "b/Ben.zip/IMG-20220512-WA0001.jpg", len(JPEG)),
    ]


def test_a_zip_in_a_zip_in_a_zip_stays_closed() -> None:
    with pytest.raises(NotAChatExport):
        tell(MemorySource("a.zip", zip_of({"b.zip": zip_of({"c.zip": zip_of(EXPORT)})})))


def test_a_zip_that_was_sent_in_a_chat_stays_a_document() -> None:
    files = {"chat.txt": LINE.replace(b"IMG-20220512-WA0001.jpg", b"photos.zip"), "photos.zip": zip_of(EXPORT)}
    told = tell(MemorySource("a.zip", zip_of(files)))
    assert [(m.mime, m.member) for m in told.media] == [("application/zip", "photos.zip")]


def test_a_damaged_inner_zip_does_not_cost_the_others() -> None:
    inner = zip_of(EXPORT)
    told = tell(MemorySource("a.zip", zip_of({"bad.zip": inner[:-30], "good.zip": inner})))
    assert len(told.messages) == 1


def test_inner_zips_are_unpacked_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nested_zips, "LARGEST_INNER", 100)
    with pytest.raises(NotAChatExport):
        tell(MemorySource("a.zip", zip_of({"b.zip": zip_of(EXPORT)})))


def test_an_inner_bomb_stays_packed() -> None:
    bomb = zip_of({"_chat.txt": bytes(64 << 20)})
    with pytest.raises(CofferError):
        tell(MemorySource("a.zip", zip_of({"bomb.zip": bomb})))


def test_a_dropped_folder_keeps_its_folders() -> None:
    export = written(chat([message(1, "", photo="photos/a.jpg")]))
    other = written(chat([message(1, "", photo="photos/a.jpg")], "Zed", number=33))
    told = tell(
        MemorySource("one/result.json", export), MemorySource("one/photos/a.jpg", JPEG),
        MemorySource("two/result.json", other), MemorySource("two/photos/a.jpg", JPEG + b"2"),
    )  # fmt: skip
    assert [(m.source, m.size) for m in told.media] == [(1, len(JPEG)), (3, len(JPEG) + 1)]

"""Exports hold everything, open anywhere, and nothing in them can run."""

import asyncio
import csv
import io
import json
import re
import sqlite3
import zipfile

import pytest

from tests.unit.export.exporting import (
    HOSTILE,
    HOSTILE_NAME,
    MANY,
    TAGS,
    MemoryFolder,
    Quiet,
    Tags,
    exported_all,
    fetch,
)
from webapp.cli.crypto import NativeCrypto
from webapp.engine.archive import Archive, ArchiveWriter
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import Cancelled, CofferError
from webapp.engine.export import FORMATS, ExportJob, ZipFolder, export_chats
from webapp.engine.export.chats import MISSING, MISSING_HEAD
from webapp.engine.export.clock import Clock
from webapp.engine.export.csv import inert
from webapp.engine.export.folder import LONGEST_NAME, media_name, safe_name
from webapp.engine.ports import Data
from webapp.engine.readers.events import Chat, ChatEnd, Kind, Media, Message, Participant
from webapp.engine.readers.whatsapp_crypt.medium_seal import MediumSeal


def exported(archive: Archive, format: str, chats: list[int] | None = None) -> dict[str, bytes]:
    folder = MemoryFolder()
    job = ExportJob(archive, format, chats, fetch, [(0, 120)])
    asyncio.run(export_chats(job, folder, Quiet()))
    assert folder.closed
    assert job.missing_media == (0 if chats == [2] else 2)
    return folder.files


@pytest.mark.parametrize("format", FORMATS)
def test_files_that_are_missing_are_listed_with_their_chat(archive: Archive, format: str) -> None:
    chat = archive.chats()[0].title
    listed = exported(archive, format)[MISSING].decode().splitlines()
    assert listed[0] == MISSING_HEAD
    assert [line.rpartition(": ")[2] for line in listed[2:]] == ["gone.jpg", "lost.jpg"]
    assert all(line.startswith(" ".join(chat.split())[:20]) for line in listed[2:])
    assert MISSING not in exported(archive, format, [2])


@pytest.mark.parametrize("format", FORMATS)
def test_what_opens_encrypted_media_is_in_no_export(format: str) -> None:
    seal = MediumSeal(Secret(b"k" * 32), b"i" * 16).to_text()
    connection = sqlite3.connect(":memory:")
    told = [
        Chat(1, "Ann", "whatsapp", "p", False, None),
        Participant(1, 1, "Ann"),
        Media(1, 1, 0, "a", "", "cat.jpg", "", Kind.IMAGE, "image/jpeg", 3, seal=seal),
        Message(1, 0, 1_653_040_800_000, Kind.IMAGE, 1, "", media=1),
        ChatEnd(1, False, None),
    ]
    ArchiveWriter(connection).write(told)
    archive = Archive(connection)
    assert archive.seal(1) == seal
    written = b"\n".join(exported_all(archive, format).values())
    for secret in ((b"k" * 32).hex(), (b"i" * 16).hex(), "mcrypt1", seal):
        assert secret.encode() not in written
    assert b"k" * 32 not in written
    connection.close()


def test_no_content_becomes_markup_in_html(archive: Archive) -> None:
    for path, content in exported(archive, "html").items():
        if not path.endswith(".html"):
            continue
        page = Tags(content.decode())
        assert page.tags <= TAGS
        assert not [name for name in page.attributes if name.startswith("on") or name in ("style", "srcdoc")]
        assert not [address for address in page.addresses if re.match(r"\s*(javascript|data|vbscript|file):", address)]
        assert b"script-src" not in content
        assert b"default-src &#x27;none&#x27;" in content or b"default-src 'none'" in content


def test_everything_an_html_page_shows_lies_in_the_export(archive: Archive) -> None:
    files = exported(archive, "html")
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        for address in Tags(content.decode()).addresses:
            file = address.partition("#")[0]
            # Web addresses that somebody wrote are links; nothing is loaded from them.
            assert file in files or file == "media/7-lost.jpg" or address in ("http://evil", "https://e.org/?a=1&b=")
        assert not [source for source in Tags(content.decode()).sources if "://" in source]


def test_a_long_chat_has_pages_and_quotes_lead_to_the_right_one(archive: Archive) -> None:
    files = exported(archive, "html", [1])
    pages = [path for path in files if path.endswith(".html") and path not in ("index.html",)]
    assert len(pages) == 3
    ids = [id for path in pages for id in Tags(files[path].decode()).ids]
    assert len(ids) == len(set(ids)) == MANY + 1
    last = next(path for path in pages if path.endswith(" 3.html"))
    (target,) = [address for address in Tags(files[last].decode()).addresses if "#m" in address]
    page, _, mark = target.partition("#")
    assert mark in Tags(files[page].decode()).ids


def test_files_that_would_run_are_stored_as_text_and_media_keep_their_bytes(archive: Archive) -> None:
    media = {path: content for path, content in exported(archive, "html").items() if path.startswith("media/")}
    assert {path for path in media if path.endswith(".txt")} == {"media/2-page.html.txt", "media/3-drawing.svg.txt"}
    assert set(media.values()) == {b"abc"}
    assert all(path.count("/") == 1 and ".." not in path.split("/") for path in media)


def test_no_cell_of_a_csv_is_a_formula(archive: Archive) -> None:
    files = exported(archive, "csv", [1])
    (content,) = [content for path, content in files.items() if path.endswith(".csv")]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == MANY + 1
    assert rows[1]["text"].startswith("'=HYPERLINK")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [inert(cell) for cell in ("=1", "+1", "-1", "@x", "1", "")] == ["'=1", "'+1", "'-1", "'@x", "1", ""]
    wide = ("\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\n=1")
    assert [inert(cell) for cell in wide] == [f"'{cell}" for cell in wide]


def test_json_gives_everything_back(archive: Archive) -> None:
    files = exported(archive, "json")
    listed = json.loads(files["chats.json"])["chats"]
    assert [chat["title"] for chat in listed] == [HOSTILE_NAME, "Second"]
    told = json.loads(files[listed[0]["file"]])
    assert len(told["messages"]) == MANY + 1
    first, second = told["messages"][:2]
    assert (first["text"], first["sender"], first["time"]) == (HOSTILE, HOSTILE_NAME, "2022-05-20T10:00:00")
    assert first["reactions"][0]["emoji"] == HOSTILE
    assert second["text"].endswith("\nsecond line")
    assert told["messages"][10]["poll"]["options"] == [{"text": "yes", "votes": 2}]
    assert told["messages"][-1]["quote"]["quoted"] == first["id"]
    utc = json.loads(files[listed[1]["file"]])
    assert utc["messages"][0]["time"] == "2022-05-20T12:00:00+02:00"


def test_in_text_no_line_of_a_message_passes_for_a_message(archive: Archive) -> None:
    files = exported(archive, "text", [1])
    (content,) = [content.decode() for path, content in files.items() if path.startswith("001")]
    lines = content.split("\n")
    assert len([line for line in lines if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - ", line)]) == MANY + 1
    assert "    second line" in lines
    assert "2022-05-20 10:00:00 - " in lines[0]


@pytest.mark.parametrize("format", FORMATS)
def test_a_zip_of_an_export_holds_the_same_files(archive: Archive, format: str) -> None:
    class Bytes:
        def __init__(self) -> None:
            self.content = bytearray()
            self.closed = False

        async def write(self, data: Data) -> None:
            self.content += bytes(data)  # type: ignore[call-overload]

        async def close(self) -> None:
            self.closed = True

        async def abort(self) -> None: ...

    sink = Bytes()
    job = ExportJob(archive, format, None, fetch, [(0, 120)])
    asyncio.run(export_chats(job, ZipFolder(sink, NativeCrypto()), Quiet()))
    assert sink.closed
    with zipfile.ZipFile(io.BytesIO(bytes(sink.content))) as packed:
        assert packed.testzip() is None
        assert {name: packed.read(name) for name in packed.namelist()} == exported(archive, format)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("", "_"),
        (". .", "_"),
        ('a<b>:"c|d?*', "a_b_c_d_"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("50%#1", "50_1"),
        ("家族 👪", "家族 👪"),
        ("x" * 200 + ".jpeg", "x" * (LONGEST_NAME - 5) + ".jpeg"),
    ],
)
def test_names_are_safe_in_every_file_system(text: str, name: str) -> None:
    assert safe_name(text) == name
    assert media_name(1, "a.XHTML") == "1-a.XHTML.txt"


def test_times_follow_the_zone_unless_they_float() -> None:
    zone = [(0, 60), (1000, 120)]
    assert Clock(False, zone).wall(999) == "1970-01-01 01:00:00"
    assert Clock(False, zone).wall(1000) == "1970-01-01 02:00:01"
    assert Clock(False, zone).wall(-5000) == "1970-01-01 00:59:55"
    assert Clock(True, zone).wall(1000) == "1970-01-01 00:00:01"
    assert Clock(False).iso(1000) == "1970-01-01T00:00:01Z"
    assert Clock(False).wall(1 << 62) == "1970-01-01 00:00:00"


def test_unknown_formats_and_chats_are_refused(archive: Archive) -> None:
    for job in (ExportJob(archive, "pdf"), ExportJob(archive, "html", [99])):
        with pytest.raises(CofferError) as caught:
            asyncio.run(export_chats(job, MemoryFolder(), Quiet()))
        assert caught.value.code in ("export_format", "no_such_chat")


def test_an_export_can_be_cancelled(archive: Archive) -> None:
    class Impatient(Quiet):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        asyncio.run(export_chats(ExportJob(archive, "json"), MemoryFolder(), Impatient()))

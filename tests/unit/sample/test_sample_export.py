"""The sample chat is a real export in every respect."""

import io
import struct
import wave
import zlib

import pytest

from tests.fixtures_export import MemorySource, tell
from webapp.engine.readers.events import Kind
from webapp.engine.sample import sample_export
from webapp.engine.sample.attachments import music_box, packing_list
from webapp.engine.sample.pictures import PICTURES


def test_it_is_small_and_the_same_each_time() -> None:
    name, data = sample_export()
    assert name == "WhatsApp Chat with Lake house weekend.zip"
    assert len(data) < 1_500_000
    assert sample_export() == (name, data)
    assert sample_export(2025)[1] != data


def test_it_reads_without_anything_left_over() -> None:
    name, data = sample_export()
    found = tell(MemorySource(name, data))
    assert found.unknown == {}
    assert found.chats[0].title == "Lake house weekend"
    assert found.people == ["Nora", "Tomás", "Aiko", "Sami"]
    assert found.sender(found.messages[-1]) == "Tomás"
    assert 100 <= len(found.messages) <= 130
    assert all(medium.source == 0 for medium in found.media)
    kinds = {message.kind for message in found.messages}
    assert kinds >= {Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.DOCUMENT, Kind.POLL, Kind.LOCATION, Kind.SYSTEM, Kind.CALL}
    owner = found.ends[0].owner
    assert owner == 1
    assert found.times() == sorted(found.times())


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_whole_pngs(name: str) -> None:
    data = PICTURES[name]()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT")
    length = struct.unpack(">I", data[start - 4 : start])[0]
    rows = zlib.decompress(data[start + 4 : start + 4 + length])
    assert (width, height, len(rows)) == (640, 480, 480 * (1 + 3 * 640))
    assert len({rows[offset : offset + 3] for offset in range(1, len(rows), 997)}) > 20


def test_the_recording_plays() -> None:
    with wave.open(io.BytesIO(music_box())) as recording:
        assert 3 < recording.getnframes() / recording.getframerate() < 6


def test_the_document_finds_its_own_objects() -> None:
    document = packing_list()
    start = int(document.split(b"startxref\n")[1].split(b"\n")[0])
    assert document[start:].startswith(b"xref\n0 6\n")
    for number, line in enumerate(document[start:].split(b"\n")[3:8], start=1):
        assert document[int(line[:10]) :].startswith(b"%d 0 obj" % number)

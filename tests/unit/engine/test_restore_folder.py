"""Restoring into a folder: whatever the files of a backup are called, nothing that is there is lost."""

import asyncio
from pathlib import Path

import pytest

from webapp.cli.restore_folder import FileInTheWay, FileSink, PathRefused, place_of
from webapp.engine.format.manifest import ManifestFile


def restore(folder: Path, path: str, content: bytes) -> None:
    async def run() -> None:
        sink = FileSink(folder, ManifestFile(path, len(content), None, ()))
        await sink.write(content)
        await sink.close()

    asyncio.run(run())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_called_like_an_unfinished_one_survives_the_file_it_is_called_after(tmp_path: Path) -> None:
    restore(tmp_path, ".notes.txt.part", b"first")
    restore(tmp_path, "notes.txt", b"second")
    assert (tmp_path / ".notes.txt.part").read_bytes() == b"first"
    assert names(tmp_path) == [".notes.txt.part", "notes.txt"]


def test_a_link_that_lies_there_is_not_written_through(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.write_bytes(b"mine")
    folder.mkdir()
    (folder / ".notes.txt.part").symlink_to(outside)
    (folder / "taken").symlink_to(tmp_path / "nowhere")
    restore(folder, "notes.txt", b"restored")
    assert outside.read_bytes() == b"mine"
    with pytest.raises(PathRefused):
        restore(folder, "taken", b"restored")
    assert not (tmp_path / "nowhere").exists()


def test_what_is_there_stays(tmp_path: Path) -> None:
    restore(tmp_path, "notes.txt", b"first")
    with pytest.raises(FileInTheWay):
        restore(tmp_path, "notes.txt", b"second")
    assert names(tmp_path) == ["notes.txt"]


@pytest.mark.parametrize("path", ["", "/", "/etc/x", "../x", "a/../../x", "a\\..\\..\\x", "\\\\host\\x", "a\0b"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(PathRefused):
        place_of(tmp_path, path)


def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "sub").symlink_to(tmp_path)
    with pytest.raises(PathRefused):
        place_of(tmp_path / "folder", "sub/x")

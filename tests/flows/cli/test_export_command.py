"""`python -m webapp.cli export`: from a chat export to a folder that a browser opens."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fixtures_export import write_export, zip_of
from webapp.cli.__main__ import main

START = datetime(2022, 5, 20, 10, 0)
PICTURE = b"\xff\xd8\xff" + bytes(97)


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    text = write_export("english android", [(START + timedelta(hours=n), "Ann", f"message {n}") for n in range(30)])
    text += "25/05/2022, 09:00 - Ben: IMG-20220525-WA0001.jpg (file attached)\n"
    text += "25/05/2022, 09:01 - Ben: gone.jpg (file attached)\n"
    other = write_export("english android", [(START, "Cem", "elsewhere")])
    files = {
        "a/WhatsApp Chat with Ann.txt": text.encode(),
        "a/IMG-20220525-WA0001.jpg": PICTURE,
        "b/WhatsApp Chat with Cem.txt": other.encode(),
    }
    path = tmp_path / "chats.zip"
    path.write_bytes(zip_of(files))
    return path


def test_all_chats_become_a_folder_of_pages_with_their_media(chosen: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["export", str(chosen), "--out", str(out)]) == 0
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert names[:4] == ["001 Ann.html", "002 Cem.html", "files that are missing.txt", "index.html"]
    (medium,) = (out / "media").iterdir()
    assert medium.read_bytes() == PICTURE
    page = (out / "001 Ann.html").read_text(encoding="utf-8")
    assert f'<img src="media/{medium.name}"' in page
    assert "message 29" in page
    assert "gone.jpg is not in the backup" in page
    assert "message 29" not in (out / "002 Cem.html").read_text(encoding="utf-8")


def test_one_chat_is_exported_by_its_name(chosen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    wanted = ["--chat", "ann", "--format", "csv", "--no-media", "--json"]
    assert main(["export", str(chosen), "--out", str(out), *wanted]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "chats": 1,
        "messages": 32,
        "missing_media": 0,
        "out": str(out),
    }
    (file,) = out.iterdir()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.DictReader(lines))["text"] == "message 0"


def test_two_backups_of_one_chat_are_written_as_one(chosen: Path, tmp_path: Path) -> None:
    further = [(START + timedelta(hours=n), "Ann", f"message {n}") for n in range(20, 50)]
    older = tmp_path / "WhatsApp Chat with Ann.txt"
    older.write_text(write_export("german ios", further), encoding="utf-8")
    out = tmp_path / "out"
    wanted = ["--chat", "Ann", "--format", "json", "--merge", str(older)]
    assert main(["export", str(chosen), "--out", str(out), *wanted]) == 0
    told = json.loads((out / "001 Ann.json").read_text(encoding="utf-8"))
    texts = [message["text"] for message in told["messages"] if "text" in message]
    assert sorted(texts) == sorted(f"message {n}" for n in range(50))
    (medium,) = (out / "media").iterdir()
    assert medium.read_bytes() == PICTURE


def test_what_is_wrong_is_said_with_what_to_do(
    chosen: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep me")
    for arguments in (
        [str(chosen), "--out", str(full)],
        [str(chosen), "--out", str(tmp_path / "new"), "--chat", "Nobody"],
        [str(tmp_path / "none.zip"), "--out", str(tmp_path / "new2")],
    ):
        assert main(["export", *arguments]) == 1
        message, step = capsys.readouterr().err.strip().split("\n")
        assert message.endswith(".")
        assert step.endswith(".")
    assert (full / "mine.txt").read_text() == "keep me"
    with pytest.raises(SystemExit) as usage:
        main(["export", str(chosen)])
    assert usage.value.code == 2

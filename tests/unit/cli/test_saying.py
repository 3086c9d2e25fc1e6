"""What commands print stays within its line, whatever a file or a site put into it."""

import json
from pathlib import Path

import pytest

from webapp.cli.__main__ import main
from webapp.cli.saying import printable, say


@pytest.mark.parametrize(
    "text",
    ["\x1b[2J", "\x9b2J", "a\rb", "a\nb", "a\tb", "\x07", "\x7f", "\u202egnp.exe", "\u2066a", "\u2028", "\udcff"],
)
def test_what_would_move_the_cursor_is_shown_as_unknown(text: str) -> None:
    assert "\ufffd" in printable(text)
    assert printable(text).isprintable()


@pytest.mark.parametrize("text", ["Ünï", "👩‍👧", "Screenshot 9.41\u202fAM.png", "שלום", "“latest”", ""])
def test_what_people_write_stays(text: str) -> None:
    assert printable(text) == text


def test_every_line_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo", "three")
    assert capsys.readouterr().out == "one\ufffdtwo\nthree\n"


def test_an_error_shows_no_control_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(tmp_path / "a\x1b]0;title\x07.zip"), "--json"]) == 1
    shown = capsys.readouterr()
    assert "\x1b" not in shown.err + shown.out
    assert "\x07" not in shown.err + shown.out
    assert json.loads(shown.out)["error"]["data"]["path"].endswith("\x1b]0;title\x07.zip")


def test_a_backup_that_names_something_of_its_own_shows_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = {"id": 1, "type": "\x1b[2Jnew", "date": "2022-05-20T10:00:00", "date_unixtime": "1653033600", "text": ""}
    chat = {"name": "Ann", "type": "personal_chat", "id": 7, "messages": [message]}
    (tmp_path / "result.json").write_text(json.dumps(chat))
    assert main(["inspect", str(tmp_path / "result.json")]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\ufffd[2Jnew" in shown

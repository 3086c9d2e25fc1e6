"""Encrypted backups and message databases written by phones and by other programs, where they are at hand.

Facts are those of MANIFEST.tsv and of the generator's own `*.expected.json`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.cli.__main__ import main

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
REAL = CORPUS / "ElDavoo+wa-crypt-tools"
MADE = CORPUS / "derived"
ROOT_DIGITS = "6730a595a1484d0c39c101dc0ac82ec5e401bb6f0e1b8ee2dc104a6b3687f017"
REAL_SHA256 = "1425b944a2e3885fc936a7bb82f6548c5cc09523a2f61f02aa836c4ed8bbd16e"
MADE_SHA256 = "f70580b732ea5d65d2649f27d7cfc044691b8591663cb3f13030caf12d6f4c00"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


def inspected(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert main(["inspect", *map(str, arguments), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("file", "keys"),
    [
        (REAL / "msgstore.db.crypt15", [ROOT_DIGITS]),
        (REAL / "msgstore.db.crypt15", [str(REAL / "encrypted_backup.key")]),
        (REAL / "msgstore.db.crypt14", [str(REAL / "key")]),
    ],
    ids=["15-digits", "15-file", "14"],
)
def test_a_phones_encrypted_backup_opens_to_the_same_database(
    capsys: pytest.CaptureFixture[str], file: Path, keys: list[str]
) -> None:
    told = inspected(capsys, file, "--key", *keys)
    assert told["decrypted_sha256"] == REAL_SHA256
    assert (told["source"], told["chats"], told["messages"]["total"]) == ("whatsapp_android", 8, 9)


@pytest.mark.parametrize("kind", ["crypt12", "crypt14", "crypt15"])
def test_a_generated_database_opens_from_every_kind(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    key = ROOT_DIGITS if kind == "crypt15" else str(REAL / "key")
    told = inspected(capsys, MADE / f"gen5k.db.{kind}", "--key", key)
    assert told["decrypted_sha256"] == MADE_SHA256
    assert told["messages"]["total"] == 5000


def test_every_count_of_the_generator_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads((MADE / "gen5k.db.expected.json").read_text())
    count = expected["counts"]
    told = inspected(capsys, MADE / "gen5k.db", MADE / "gen5k_wa.db")
    assert told["chats"] == expected["chats"]
    assert told["groups"] == expected["groups"]
    assert told["messages"] == {
        "total": expected["messages_excluding_sentinel"],
        "text": count["type_0"],
        "image": count["type_1"],
        "audio": 5,
        "voice": count["type_2"] - 5,
        "video": count["type_3"],
        "contact": count["type_4"],
        "location": count["type_5"],
        "system": count["type_7"],
        "document": count["type_9"],
        "call": count["type_10"] + count["type_90"],
        "gif": count["type_13"],
        "deleted": count["type_15"],
        "sticker": count["type_20"],
        "poll": count["type_66"],
    }
    assert told["media_missing"] == count["rows_media"]
    assert told["unknown"] == {}


def test_a_key_of_another_backup_is_refused_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(REAL / "msgstore.db.crypt15"), "--key", "0" * 64]) == 1
    said = capsys.readouterr().err
    assert "not the one that this backup was made with" in said
    assert "0000" not in said

"""Every row of the corpus, where it is at hand: read as `inspect` reads it, every fact that MANIFEST.tsv states met.

Where a fact is another program's count and the program is wrong, the right one stands in CORRECTED, with why.
"""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from webapp.cli.__main__ import main

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
MANIFEST = CORPUS / "MANIFEST.tsv"
REAL = "ElDavoo+wa-crypt-tools"
IPHONE = "abrignoni+iLEAPP"

pytestmark = pytest.mark.skipif(not MANIFEST.is_file(), reason="the corpus is not beside the project")

KEYS = {f"{REAL}/encrypted_backup.key", f"{REAL}/key"}
"""Open other rows; alone they hold no chat."""
ORACLES = {
    f"{IPHONE}/expected.whatsAppMessages.josh_ios15_ffs.json",
    "joweich+chat-miner/whatsapp/target.json",
    "joweich+chat-miner/telegram/target.json",
    "derived/gen5k.db.expected.json",
}
"""What other programs say of other rows; tests beside this one compare with them."""
CATALOGUES = {"gesiscss+WhatsR/Languages.csv"}
"""Expressions of another program."""
SHAPES = {f"{REAL}/test9.zip"}
"""Shows how another tool packs a backup of several files: the database in it is empty."""
BESIDE = {
    "derived/gen5k_wa.db": "derived/gen5k.db",
    "KnugiHK+WhatsApp-Chat-Exporter/contacts.vcf": "derived/gen5k.db",
    f"{IPHONE}/testdata.whatsApp.whatsAppContacts.josh_ios15_ffs.zip": (
        f"{IPHONE}/testdata.whatsApp.whatsAppMessages.josh_ios15_ffs.zip"
    ),
}
"""Names of people, read together with the chats they belong to."""

CORRECTED: dict[str, dict[str, Any]] = {
    # The peer passes over a header without a text behind it, and what stands before the first sender.
    "gesiscss+WhatsR/englishandroid24h.txt": {"messages": 50},
    "gesiscss+WhatsR/englishandroidampm.txt": {"messages": 50},
    "gesiscss+WhatsR/germanios24h.txt": {
        "messages": 50, "first": "2018-01-29T12:24:03Z", "last": "2018-01-30T00:23:03Z",
    },
    # The peer does not know the calendar.
    "starkdmi+whats_json/calendars/Buddhist iOS.txt": {
        "first": "2022-03-18T14:56:01Z", "last": "2023-01-12T15:35:15Z",
    },
    # The peer takes a year in front to be followed by the day.
    "rodrigogs+whats-reader/parser-tests/asian-format-test.txt": {
        "first": "2024-12-10T14:30:00Z", "last": "2024-12-10T14:36:00Z",
    },
    # The peer tells the file's first line; the file is not in the order of time.
    "rodrigogs+whats-reader/parser-tests/ios-format-test.txt": {"first": "2025-11-13T09:09:43Z"},
    **{
        f"starkdmi+whats_json/languages/{name}.txt": {"first": "2022-03-18T14:56:00Z"}
        for name in ("czech_android", "english_android", "english_android_media", "russian_android")
    },
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    if not MANIFEST.is_file():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def key_of(row: dict[str, str]) -> list[str]:
    """What the manifest's column says, as the command takes it."""
    said = row["key_or_passphrase"]
    if digits := re.search(r"root key (\w{64})|root (\w{64})|passphrase (\d{30})", said):
        return ["--key", next(filter(None, digits.groups()))]
    if row["path"].endswith((".crypt12", ".crypt14")):
        return ["--key", str(CORPUS / REAL / "key")]
    return []


def facts_of(row: dict[str, str]) -> dict[str, Any]:
    """The facts that are stated in words, by name."""
    said = row["expected_facts"]
    facts: dict[str, Any] = {}
    if found := re.search(r"([0-9]+) (?:kept )?(?:messages|ZWAMESSAGE rows)", said):
        facts["messages"] = int(found[1])
    if "kept messages" in said and (peers := re.search(r"4\.0\.2: ([0-9]+) messages", said)):
        facts["messages"] = int(peers[1])
    if found := re.search(r"([0-9]+) rows in messages", said):
        facts["messages"] = int(found[1]) - 1  # the sentinel
    if found := re.search(r"([0-9]+) (?:chats|chat,|threads|ZWACHATSESSION)", said):
        facts["chats"] = int(found[1])
    if found := re.search(r"([0-9]+) groups", said):
        facts["groups"] = int(found[1])
    for name in ("first", "last"):
        if found := re.search(rf"{name} ([0-9-]+T[0-9:]+)(?:\.000)?Z", said):
            facts[name] = f"{found[1]}Z"
    if (found := re.search(r"plaintext[^;]*sha256 ([0-9a-f]{64})", said)) and ".crypt" in row["path"]:
        facts["decrypted_sha256"] = found[1]
    if found := re.search(r"\(([0-9]+) text, ([0-9]+) location, ([0-9]+) system/omitted\)", said):
        facts["text"], facts["location"] = int(found[1]), int(found[2])
    return facts | CORRECTED.get(row["path"], {})


def inspected(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["inspect", *arguments, "--json"]) == 0, capsys.readouterr().err
    return dict(json.loads(capsys.readouterr().out))


def names(row: dict[str, str]) -> str:
    return row["path"]


@pytest.mark.parametrize("row", rows(), ids=names)
def test_every_row_of_the_corpus_is_read_and_its_facts_are_met(
    row: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = CORPUS / row["path"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    if row["path"] in KEYS | ORACLES | CATALOGUES | SHAPES:
        assert main(["inspect", str(path)]) == 1  # a sentence for the person, not chats out of nothing
        assert "Traceback" not in capsys.readouterr().err
        return
    if row["path"] in BESIDE:
        told = inspected(capsys, str(CORPUS / BESIDE[row["path"]]), str(path))
        assert told["messages"]["total"] > 0
        return
    told = inspected(capsys, str(path), *key_of(row))
    facts = facts_of(row)
    told |= {"messages": told["messages"]["total"], "text": told["messages"].get("text", 0),
             "location": told["messages"].get("location", 0)}  # fmt: skip
    assert {name: told[name] for name in facts} == facts
    assert facts or row["path"].startswith("Pustur"), "a row without a fact that is checked"


def test_no_row_is_left_out() -> None:
    listed = {row["path"] for row in rows()}
    assert listed >= KEYS | ORACLES | CATALOGUES | SHAPES | set(BESIDE) | set(CORRECTED)
    lying = {str(file.relative_to(CORPUS)) for file in CORPUS.rglob("*") if file.is_file()}
    assert lying - listed <= {"README.md", "MANIFEST.tsv"}


def test_names_that_lie_beside_the_chats_are_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def people(*paths: str) -> set[str]:
        out = tmp_path / str(len(paths))
        main(["export", *(str(CORPUS / path) for path in paths), "--format", "json", "--out", str(out)])
        capsys.readouterr()
        return {
            person["name"]
            for file in out.glob("*.json")
            if file.name != "chats.json"
            for person in json.loads(file.read_text("utf-8"))["participants"]
        }

    database = "derived/gen5k.db"
    assert len(people(database, "derived/gen5k_wa.db") - people(database)) > 100

"""`backup`, `list`, `restore`, `verify`, `key check`, `login`: real processes against a real site."""

import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.product import ROOT, Product
from tests.flows.cli.conftest import export_of
from tests.flows.cli.site import Person, make_person

PASSWORD = "harbour ninety lanterns"


def by_key(person: Person) -> list[str]:
    return ["--key-file", str(person.key_file)]


def descriptor_of(text: str) -> int:
    """A pipe that holds the text."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def test_a_backup_comes_back_bit_for_bit(person: Person, tmp_path: Path) -> None:
    export = export_of(tmp_path / "chat.zip")
    told = person.told("backup", export, *by_key(person))
    assert (told["chats"], told["messages"], told["media"]) == (1, 33, 3)
    assert told["sent_bytes"] > 600_000
    assert told["head_remembered"]

    listed = person.told("list")["safes"]
    assert [snapshot["snapshot"] for snapshot in listed[0]["snapshots"]] == [told["snapshot"]]

    out = tmp_path / "out"
    restored = person.told("restore", "latest", "--out", out, *by_key(person))
    assert (out / "chat.zip").read_bytes() == export.read_bytes()
    assert restored["files"] == 1
    assert abs((out / "chat.zip").stat().st_mtime - export.stat().st_mtime) < 1
    assert [path.name for path in out.iterdir()] == ["chat.zip"]


def test_a_second_backup_sends_only_what_is_new(person: Person, tmp_path: Path) -> None:
    person.told("backup", export_of(tmp_path / "chat.zip"), *by_key(person))
    told = person.told("backup", export_of(tmp_path / "chat.zip", messages=40), *by_key(person))
    assert told["sent_bytes"] < 100_000
    assert told["known_bytes"] > 600_000


def test_a_backup_that_shrank_is_sent_only_when_it_is_meant(person: Person, tmp_path: Path) -> None:
    person.told("backup", export_of(tmp_path / "chat.zip", messages=200), *by_key(person))
    small = export_of(tmp_path / "chat.zip", messages=5, media=0)
    done = person.run("backup", small, "--json", *by_key(person))
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "backup_shrank")
    assert len(person.told("list")["safes"][0]["snapshots"]) == 1
    person.told("backup", small, "--even-if-smaller", *by_key(person))


def test_a_folder_keeps_its_paths_and_one_file_can_be_had(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    (folder / "a").mkdir(parents=True)
    export_of(folder / "a" / "chat.zip")
    export_of(folder / "other.zip", seed=2)
    person.told("backup", folder, *by_key(person))
    out = tmp_path / "out"
    person.told("restore", "latest", "--out", out, "--file", "two/a/chat.zip", *by_key(person))
    assert (out / "two" / "a" / "chat.zip").read_bytes() == (folder / "a" / "chat.zip").read_bytes()
    assert not (out / "two" / "other.zip").exists()
    again = person.run("restore", "latest", "--out", out, "--file", "two/a/chat.zip", *by_key(person))
    assert again.returncode == 1
    assert "nothing is overwritten" in again.stderr
    missing = person.run("restore", "latest", "--out", out, "--file", "nothing", "--json", *by_key(person))
    assert json.loads(missing.stdout)["error"]["code"] == "no_such_file"


def test_by_the_password_from_a_descriptor(site: Product, tmp_path: Path) -> None:
    person = make_person(site, tmp_path / "home", password=PASSWORD)
    reading = descriptor_of(PASSWORD + "\n")
    told = person.told("backup", export_of(tmp_path / "chat.zip"), "--password-fd", str(reading), pass_fds=(reading,))
    assert told["messages"] == 33
    wrong = descriptor_of("not it")
    done = person.run("verify", "--password-fd", str(wrong), "--json", pass_fds=(wrong,))
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert (error["code"], error["data"]["guesses_left"]) == ("wrong_password", 9)


def test_no_argument_takes_a_secret(person: Person) -> None:
    for command in ("backup", "restore", "verify", "key"):
        usage = person.run(command, "-h").stdout
        assert not re.search(r"--(key|password|token)(?!-)\b", usage)


def test_verify_says_what_is_whole_and_what_is_not(person: Person, tmp_path: Path) -> None:
    person.told("backup", export_of(tmp_path / "chat.zip"), *by_key(person))
    told = person.told("verify", "--all", *by_key(person))
    assert told["whole"]
    assert told["opened"] == told["chunks"]
    assert (told["missing"], told["changed"], told["mismatches"], told["failure"]) == (0, 0, [], None)
    assert person.told("verify", "--sample", "2", *by_key(person))["opened"] == 2

    store = person.product.data / "chunks" / person.safe
    largest = max((path for path in store.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[-1] ^= 1
    largest.write_bytes(content)
    done = person.run("verify", "--all", "--json", *by_key(person))
    assert done.returncode == 1
    assert json.loads(done.stdout)["damaged"] == 1

    largest.unlink()
    done = person.run("verify", "--all", *by_key(person))
    assert done.returncode == 1
    assert "not whole" in done.stdout


def test_the_key_is_checked_without_sending_it(person: Person, tmp_path: Path) -> None:
    assert person.told("key", "check", *by_key(person)) == {"safe": person.safe, "fits": True}
    other = tmp_path / "other.txt"
    other.write_text(" ".join(["abcd"] * 16))
    done = person.run("key", "check", "--key-file", other, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "key_of_another_safe"


def test_login_keeps_the_token_where_only_its_owner_reads_it(person: Person) -> None:
    def as_signed_in(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in person.environment().items() if not name.startswith("COFFER_")}
        return person.run(*arguments, env=env, **options)

    assert "not signed in" in as_signed_in("list").stderr
    reading = descriptor_of(person.token + "\n")
    done = as_signed_in("login", person.product.origin, "--token-stdin", "--json", stdin=reading)
    assert done.returncode == 0, done.stderr
    assert person.token not in done.stdout
    file = Path(json.loads(done.stdout)["config"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert as_signed_in("list").returncode == 0

    value = json.loads(file.read_text())
    value["vault"]["signing_public_key"] = "A" * 43
    file.write_text(json.dumps(value))
    replaced = as_signed_in("verify", *by_key(person), "--json")
    assert json.loads(replaced.stdout)["error"]["code"] == "vault_substituted"

    file.chmod(0o644)
    assert "Others on this machine may read" in as_signed_in("list").stderr


def test_a_token_without_restore_backs_up_again_and_fetches_no_chunk(site: Product, tmp_path: Path) -> None:
    person = make_person(site, tmp_path / "home", scopes="backup")
    person.told("backup", export_of(tmp_path / "chat.zip"), *by_key(person))
    told = person.told("backup", export_of(tmp_path / "chat.zip", messages=50), *by_key(person))
    assert told["known_bytes"] > 600_000
    done = person.run("restore", "latest", "--out", tmp_path / "out", "--json", *by_key(person))
    assert json.loads(done.stdout)["error"]["code"] == "scope_missing"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("scopes", ["backup,restore", "backup"], ids=["may-restore", "backup-only"])
def test_a_backup_that_was_killed_sends_nothing_twice(site: Product, tmp_path: Path, scopes: str) -> None:
    person = make_person(site, tmp_path / "home", scopes=scopes)
    export = export_of(tmp_path / "chat.zip", media=40, medium_bytes=1_500_000)
    process = person.start("backup", export, *by_key(person))
    store = person.product.data / "chunks" / person.safe
    deadline = time.monotonic() + 60
    while stored_bytes(store) < 10_000_000 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert person.told("list")["safes"][0]["snapshots"] == []
    time.sleep(1)
    before = stored_bytes(store)
    assert 10_000_000 <= before < 60_000_000

    journal = next((person.home / ".local" / "state" / "coffer").iterdir())
    with journal.open("ab") as file:
        file.write(b"cut off")
    told = person.told("backup", export, *by_key(person))
    sent_in_all = before + told["sent_bytes"]
    assert sent_in_all < 60_000_000 * 1.15
    assert told["known_bytes"] > 5_000_000
    assert not journal.exists()
    with closing(sqlite3.connect(person.product.data / "site.sqlite3")) as database:
        ids = database.execute(
            "SELECT count(*), count(DISTINCT chunk_id) FROM backups_chunk c JOIN backups_safe s ON s.id = c.safe_id "
            "WHERE s.safe_id = ?",
            [bytes.fromhex(person.safe)],
        ).fetchone()
    assert ids[0] == ids[1]


def stored_bytes(store: Path) -> int:
    """What has its final name."""
    total = 0
    for path in store.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def test_coffer_runs_from_any_folder_by_a_link(person: Person, tmp_path: Path) -> None:
    link = tmp_path / "coffer"
    link.symlink_to(ROOT / "webapp" / "cli" / "coffer")
    export_of(tmp_path / "chat.zip")
    command = [str(link), "backup", "chat.zip", "--json", *by_key(person)]
    done = subprocess.run(command, cwd=tmp_path, env=person.environment(), capture_output=True, text=True)
    assert json.loads(done.stdout)["messages"] == 33, done.stderr

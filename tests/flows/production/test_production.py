"""A rehearsal of production: real services, each part a process, a circle, its logs, and a restore of all of it.

The tests build on each other, in this order: the last one takes the house down and opens another from its copies.
"""

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.circle.test_backup_and_restore import noise
from tests.flows.circle.world import Chosen
from tests.flows.production.conftest import Place
from tests.flows.production.guest import ADDRESS_OF_THE_BROWSER, Guest
from tests.flows.production.house import make_house
from tests.flows.split.programs import ask
from tests.flows.vault import postgresql
from webapp.engine.recovery_key import format_digits
from webapp.engine.safes import OpenSafe, unlock_with_password
from webapp.engine.vault_client import WrongPassword

ADDRESS = "mira.lindqvist@example.org"
PASSWORD = "four words nobody guesses"
FILES = (
    Chosen("chat.txt", b"24/11/2026, 10:00 - Mira: the heron stood in the reeds\n" * 5000),
    Chosen("picture.jpg", noise(3_000_000)),
    Chosen("empty.bin", b""),
)
WHOLE = {file.name: file.content for file in FILES}
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def mira(place: Place) -> Guest:
    return Guest(place.house, place.box, ADDRESS, new=True)


@pytest.fixture(scope="module")
def safe(mira: Guest) -> OpenSafe:
    import asyncio

    async def circle() -> OpenSafe:
        made = await mira.make_safe(PASSWORD)
        await mira.back_up(made, *FILES)
        return made

    return asyncio.run(circle())


def test_a_backup_comes_back_in_another_browser_by_the_password(place: Place, safe: OpenSafe, run: Run) -> None:
    other = Guest(place.house, place.box, ADDRESS, new=False)
    row = run(other.site.safes())[0]
    with pytest.raises(WrongPassword):
        run(unlock_with_password(other.vault, row, "not these four words"))
    opened = run(unlock_with_password(other.vault, row, PASSWORD))
    assert opened.failures == 1
    assert run(other.restored(opened)) == WHOLE
    place.house.complain()


def figures(place: Place) -> dict[str, float]:
    token = (place.secrets / "metrics-token").read_text()
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.1"}
    text = ask(f"http://127.0.0.1:{place.house.port}/metrics", headers=headers).body.decode()
    return {name: float(value) for name, value in re.findall(r"^(coffer_\S+) (\S+)$", text, re.MULTILINE)}


def test_the_clock_rings_through_the_broker_and_the_worker_answers(place: Place, safe: OpenSafe) -> None:
    deadline = time.monotonic() + 40
    wanted = 'coffer_task_runs_total{task="notices.tell_owners"}'
    while figures(place).get(wanted, 0) < 1:
        assert time.monotonic() < deadline
        place.house.complain()
        time.sleep(0.5)
    place.house.manage("worker_seen")


def test_the_figures_are_those_of_all_processes(place: Place, safe: OpenSafe) -> None:
    found = figures(place)
    assert found["coffer_snapshots"] == 1
    assert found["coffer_stored_bytes"] > 3_000_000
    sent = [value for name, value in found.items() if name.startswith("coffer_request_bytes_total")]
    assert sum(sent) > 3_000_000
    assert not [name for name in found if "mira" in name or safe.safe.hex() in name]


def test_strangers_see_neither_figures_nor_whether_there_are_any(place: Place) -> None:
    address = f"http://127.0.0.1:{place.house.port}/metrics"
    assert ask(address, headers={"X-Forwarded-For": "203.0.113.1"}).status == 404


def test_sealed_bytes_are_in_the_bucket_and_nothing_is_in_the_folder(place: Place, safe: OpenSafe) -> None:
    from webapp.server.backups.storage.s3 import S3Store

    listed = list(S3Store(place.bucket.place("coffer"), place.house.folder / "spool").objects())
    assert sum(found.size for found in listed) > 3_000_000
    assert [path for path in (place.house.folder / "site" / "chunks").rglob("*") if path.is_file()] == []


def spellings(secret: bytes) -> set[str]:
    return {
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        repr(secret)[2:-1],
    }


def test_the_logs_of_it_all_are_json_and_hold_nothing_private(place: Place, mira: Guest, safe: OpenSafe) -> None:
    missing = mira.session.ask("GET", "/nowhere/?email=somebody@example.org&code=1234-5678")
    assert missing.status == 404
    log = place.house.log()
    digits = "".join(format_digits(safe.key).split())
    hidden = {ADDRESS, PASSWORD, "not these four words", "heron", "chat.txt", "picture.jpg", "somebody@example.org"}
    hidden |= {
        ADDRESS_OF_THE_BROWSER,
        "1234-5678",
        *mira.codes,
        format_digits(safe.key),
        digits,
    }
    hidden |= spellings(bytes.fromhex(digits))
    hidden |= {cookie.value or "" for cookie in mira.session.jar} | {mira.session.csrf}
    hidden |= {place.bucket.secret_key, place.broker.split(":")[2].split("@")[0]}
    hidden |= {
        path.read_text().strip() for path in place.secrets.glob("*") if path.name in {"metrics-token", "vault-key.pem"}
    }
    hidden |= spellings((place.house.folder / "site" / "secrets" / "ticket-key").read_bytes())
    hidden |= spellings(mira.account.public_id) | spellings(safe.key.key_check)
    assert len(hidden) > 25
    assert [word for word in hidden if word and word in log] == []
    lines = [line for line in log.splitlines() if line.strip()]
    ours = [json.loads(line) for line in lines if line.startswith("{")]
    assert any("/nowhere/" in line["message"] and line["request"] == missing.headers["x-request-id"] for line in ours)
    assert all({"time", "level", "logger", "request", "message"} <= set(line) for line in ours)


def test_what_the_operator_holds_can_be_handed_over_with_the_vault_elsewhere(place: Place, safe: OpenSafe) -> None:
    document = json.loads(place.house.manage("hand_over", ADDRESS, "--json"))
    (answer,) = document["vault"]["answers"]
    assert (answer["state"], answer["guesses_left"]) == ("active", 10)
    assert "heron" not in json.dumps(document)


def test_the_whole_site_is_restored_elsewhere_from_its_copies(
    place: Place, safe: OpenSafe, tmp_path: Path, run: Run
) -> None:
    """docs/operations.md, "Backup and restore of the whole site", command by command."""
    first, copies = place.house, tmp_path / "copies"
    copies.mkdir()
    database = ["-h", str(place.database.folder), "-U", postgresql.USER]

    # Backup, while everything serves. Databases first: what they name is in the store by then.
    dump = [postgresql._binary("pg_dump"), *database, "-Fc", "-f", str(copies / "site.dump"), "site"]
    subprocess.run(dump, check=True, timeout=60)
    first.vault_host("vault_dump", str(copies / "vault.sqlite3"))
    said = first.manage("move_chunks", "folder", COFFER_DATA=str(copies / "store"))
    assert "files copied" in said
    shutil.copytree(first.folder / "site" / "secrets", copies / "secrets")
    shutil.copytree(first.folder / "vault" / "custody", copies / "custody")
    first.stop()

    # Elsewhere: another data folder, another database, the store as files, the vault on SQLite.
    with place.database.connect() as connection:
        connection.execute("CREATE DATABASE restored")
    second = make_house(
        tmp_path / "second",
        place.secrets,
        {
            "COFFER_DATABASE_URL": place.database_url("restored"),
            "COFFER_BROKER_URL": place.broker,
            "COFFER_SMTP_URL": first.site["COFFER_SMTP_URL"],
        },
        {"COFFER_VAULT_TICKET_KEY": first.vault["COFFER_VAULT_TICKET_KEY"]},
    )
    site, vault = second.folder / "site", second.folder / "vault"
    site.mkdir(parents=True)
    vault.mkdir()
    restore = [postgresql._binary("pg_restore"), *database, "-d", "restored", str(copies / "site.dump")]
    subprocess.run(restore, check=True, timeout=60)
    shutil.copytree(copies / "secrets", site / "secrets")
    shutil.copytree(copies / "store" / "chunks", site / "chunks")
    shutil.copytree(copies / "custody", vault / "custody")
    shutil.copy(copies / "vault.sqlite3", vault / "vault.sqlite3")
    assert "at most three guesses" in second.vault_host("vault_after_restore")
    second.manage("setup")
    second.vault_host("setup")
    place.house = second  # stopped by the fixture, whatever happens here
    second.start()
    assert second.pins == first.pins

    back = Guest(second, place.box, ADDRESS, new=False)
    row = run(back.site.safes())[0]
    assert run(back.vault.status(safe.safe)).guesses_left == 3
    opened = run(unlock_with_password(back.vault, row, PASSWORD))
    assert run(back.restored(opened)) == WHOLE
    assert run(back.vault.status(safe.safe)).guesses_left == 10

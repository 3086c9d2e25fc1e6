"""`container`: a backup as one file, restored when the site is gone."""

import json
from pathlib import Path

from tests.flows.cli.conftest import export_of
from tests.flows.cli.site import Person


def alone(person: Person, *arguments: str | Path, code: int = 0) -> dict:
    """The command at a machine that knows no site."""
    env = {name: value for name, value in person.environment().items() if not name.startswith("COFFER_")}
    done = person.run(*arguments, "--json", env=env)
    assert done.returncode == code, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_a_backup_as_one_file_comes_back_without_any_site(person: Person, tmp_path: Path) -> None:
    by_key = ["--key-file", str(person.key_file)]
    export = export_of(tmp_path / "chat.zip")
    person.told("backup", export, *by_key)
    saved = person.told("container", "save", "latest", "--out", tmp_path, *by_key)
    file = Path(saved["out"])
    assert file.suffix == ".coffer"
    assert file.stat().st_size == saved["bytes"]

    told = alone(person, "container", "restore", file, "--out", tmp_path / "out", *by_key)
    assert told["counts"] == {"chats": 1, "messages": 33, "media": 3}
    assert (tmp_path / "out" / "chat.zip").read_bytes() == export.read_bytes()
    assert alone(person, "container", "verify", file, *by_key)["whole"]

    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert not alone(person, "container", "verify", file, *by_key, code=1)["whole"]
    file.write_bytes(content[:-1])
    error = alone(person, "container", "restore", file, "--out", tmp_path / "other", *by_key, code=1)["error"]
    assert error["code"] == "container_cut_short"

"""docs/embedding.md: its code runs, one block after the other, against a vault that was started as the page says."""

import re
from pathlib import Path

import pytest

from tests.flows.split.programs import ROOT, make_vault
from tests.ports import free_port

PAGE = ROOT / "docs" / "embedding.md"
BLOCKS = re.findall(r"```python\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def run(block: str, namespace: dict[str, object]) -> None:
    exec(compile(block, str(PAGE), "exec"), namespace)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_pages_code_issues_tickets_and_goes_the_whole_circle(here, capsys):
    issuing, circle = BLOCKS
    namespace: dict[str, object] = {"__name__": "embedding"}
    run(issuing, namespace)
    key = re.search(r"COFFER_VAULT_TICKET_KEY = (\S+)", capsys.readouterr().out).group(1)
    vault = make_vault(here / "vault", free_port(), key, COFFER_VAULT_ADMIN_PORT="0")
    (here / "vault-identity.json").write_text(vault.call("identity"))
    vault.start()
    try:
        run(circle.replace("http://127.0.0.1:8010", vault.origin), namespace)
    finally:
        vault.stop()
    assert capsys.readouterr().out.splitlines() == ["wrong; 9 guesses left", "record_destroyed"]


def test_every_error_code_that_the_page_names_exists():
    from vault.wire.errors import ErrorCode

    table = PAGE.read_text(encoding="utf-8").split("\n## Errors\n")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| ((?:`\w+`[ ,]*)+)", table, re.MULTILINE))
    codes = {code for group in named for code in re.findall(r"`(\w+)`", group)}
    assert len(codes) > 10
    assert codes <= {code.value for code in ErrorCode}

"""tests/rules_removed covers every rule of the page and fits the code as it is. Running it is another matter."""

from pathlib import Path

import pytest

from tests.rules_removed.removals import REMOVALS, Removal

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "vault-protocol.md").read_text()


def test_every_rule_of_the_page_is_taken_out_in_some_way():
    section = PAGE.split("## Rules, and the tests that hold them")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    assert {removal.rule for removal in REMOVALS} == set(rows[1:])


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.taken)
def test_what_it_takes_out_is_there_and_so_are_its_tests(removal: Removal) -> None:
    for name, old, new in removal.edits:
        assert (ROOT / name).read_text().count(old) == 1, (name, old)
        assert old != new
    for named in removal.tests:
        name, _, function = named.partition("::")
        assert f"def {function}" in (ROOT / name).read_text(), named

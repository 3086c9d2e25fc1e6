"""The pages for people: links lead somewhere, named tests exist, decisions are dated, commands are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED_PATH = re.compile(r"`((?:webapp|vault|static|tests|docs|templates)/[\w./-]+)`")
BUILT = {"static/dist"}
each = pytest.mark.parametrize


def of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def anchors_of(page: Path) -> frozenset[str]:
    """The names under which a page's headings are reached."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


@cache
def names_in(module: Path) -> frozenset[str]:
    """Functions and assigned names of a test module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text_of(module))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(found)


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    return broken


@each("page", PAGES, ids=of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n[fine](#a-page) [gone](gone.md) ![gone](gone.png) [no part](#elsewhere)")
    assert broken_links(page) == ["gone.md", "gone.png", "#elsewhere"]


@each("page", PAGES, ids=of)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    missing = [
        f"{module}::{function}"
        for module, function in NAMED_TEST.findall(text_of(page))
        if not (ROOT / module).exists() or function not in names_in(ROOT / module)
    ]
    assert missing == []


@each("page", PAGES, ids=of)
def test_every_file_or_folder_that_a_page_names_exists(page: Path) -> None:
    named = {path.rstrip("/") for path in NAMED_PATH.findall(text_of(page))} - BUILT
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_rules_of_the_threat_model_are_numbered_in_order_and_each_is_held() -> None:
    page = text_of(ROOT / "docs" / "threat-model.md")
    rows = re.findall(r"^\| M(\d+) \| (.+?) \| (.+) \|$", page, re.MULTILINE)
    numbers = [int(number) for number, _, _ in rows]
    assert numbers == sorted(set(numbers))
    assert len(rows) > 40
    for number, rule, held_by in rows:
        assert "MUST" in rule, f"M{number}"
        assert NAMED_TEST.search(held_by) or "bootstrap.sh" in held_by, f"M{number}"


@each("record", DECISIONS, ids=of)
def test_every_decision_has_its_number_a_date_and_a_status(record: Path) -> None:
    lines = text_of(record).splitlines()
    assert lines[0].startswith(f"# {record.name[:4]}. ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d, (proposed|accepted|replaced by \d{4})\.", lines[2])


def test_no_two_decisions_have_one_number() -> None:
    numbers = [record.name[:4] for record in DECISIONS]
    assert len(set(numbers)) == len(numbers)


@each("page", PAGES, ids=of)
def test_every_make_command_on_a_page_is_a_target(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", text_of(page), re.MULTILINE))
    assert named <= targets


def test_the_readme_shows_the_two_commands() -> None:
    readme = text_of(ROOT / "README.md")
    assert "\n    make run\n" in readme
    assert "\n    make test\n" in readme


def test_pictures_are_small_and_shown() -> None:
    readme = text_of(ROOT / "README.md")
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= 150 * 1024, picture.name
        assert f"docs/images/{picture.name}" in readme, picture.name

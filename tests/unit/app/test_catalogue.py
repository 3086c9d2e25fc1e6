"""Every text of the browser app is in its catalogue, none is missing or left over, and no component holds words."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
APP = ROOT / "static" / "app"
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"

TEXT = (APP / "i18n" / "en.json").read_text()
CATALOGUE: dict[str, str | dict[str, str]] = json.loads(TEXT)
SOURCES = sorted(path for path in APP.rglob("*.ts*") if not path.name.endswith(".d.ts"))

CALL = re.compile(r"""\b(?:t|rich)\(\s*"([^"]+)"(?:,\s*\{([^}]*)\})?""")
LITERAL = re.compile(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"')
PLACEHOLDER = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[A-Za-z]{2,}")
#: In the compiled form, text between tags is a string child and spoken attributes are string properties.
STRING_CHILD = re.compile(r'\bchildren: "((?:[^"\\]|\\.)*)"')
STRING_ATTRIBUTE = re.compile(r'(?:"aria-label"|\b(?:title|alt|placeholder|label)): "((?:[^"\\]|\\.)*)"')
CHILD_IN_LIST = re.compile(r'(?<!\()\n\s*"((?:[^"\\]|\\.)*)",?(?=\n)')


def forms(entry: str | dict[str, str]) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def calls() -> Iterator[tuple[Path, str, str | None]]:
    for path in SOURCES:
        for match in CALL.finditer(path.read_text()):
            yield path, match[1], match[2]


def literal_texts(component: Path) -> list[str]:
    """Words that the compiled component would show without asking the catalogue."""
    compiled = subprocess.run(
        [ESBUILD, component, "--jsx=automatic", "--jsx-import-source=preact", "--log-level=error", "--charset=utf8"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout
    found = STRING_CHILD.findall(compiled) + STRING_ATTRIBUTE.findall(compiled) + CHILD_IN_LIST.findall(compiled)
    return [text for text in found if WORD.search(text)]


def test_every_key_that_is_asked_for_exists() -> None:
    missing = {f"{path.name}: {key}" for path, key, _ in calls() if key not in CATALOGUE}
    assert not missing


def test_no_key_is_left_over() -> None:
    used = {key for path in SOURCES for key in LITERAL.findall(path.read_text())}
    assert set(CATALOGUE) - used == set()


def test_every_plural_has_the_form_other() -> None:
    assert [key for key, entry in CATALOGUE.items() if isinstance(entry, dict) and "other" not in entry] == []


def test_a_call_gives_what_its_text_names() -> None:
    wrong = []
    for path, key, given in calls():
        named = {name for form in forms(CATALOGUE[key]) for name in PLACEHOLDER.findall(form)}
        names = set(re.findall(r"(?:^|[,{\s])(\w+)(?=\s*[:,}]|\s*$)", given or ""))
        if not named <= names:
            wrong.append(f"{path.name}: {key} needs {sorted(named - names)}")
    assert not wrong


@pytest.mark.skipif(not ESBUILD.exists(), reason="the app's packages are not installed")
@pytest.mark.parametrize("component", [p for p in SOURCES if p.suffix == ".tsx"], ids=lambda p: str(p.relative_to(APP)))
def test_a_component_holds_no_words(component: Path) -> None:
    assert literal_texts(component) == []


@pytest.mark.skipif(not ESBUILD.exists(), reason="the app's packages are not installed")
def test_words_in_a_component_are_noticed(tmp_path: Path) -> None:
    component = tmp_path / "worded.tsx"
    component.write_text('export const A = () => <p title="Some title">Some <b>plain</b> words{1}</p>;')
    assert set(literal_texts(component)) == {"Some title", "Some ", "plain", " words"}


def test_the_page_has_no_inline_script_or_style() -> None:
    page = (APP / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_no_key_stands_twice() -> None:
    """The second would silently take the first one's place."""
    keys: list[str] = []
    json.loads(TEXT, object_pairs_hook=lambda pairs: keys.extend(key for key, _ in pairs if "." in key))
    assert [key for key in set(keys) if keys.count(key) > 1] == []

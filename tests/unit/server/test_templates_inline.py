"""The pages' policy allows nothing inline; so no template may hold any, and no text may miss the catalogue."""

import re

import pytest

from webapp.server.settings.environment import ROOT

TEMPLATES = ROOT / "templates"
PAGES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.html") if "emails" not in p.parts)
MAILS = sorted(p.name for p in (TEMPLATES / "emails").iterdir() if p.is_dir())

INLINE = re.compile(r"""<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)""", re.IGNORECASE)
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


def test_there_are_pages_to_look_at():
    assert len(PAGES) > 20


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_no_inline_style_or_script_and_names_no_other_host(page):
    text = (TEMPLATES / page).read_text(encoding="utf-8")
    assert not INLINE.search(text), INLINE.search(text)
    assert not FOREIGN.search(text), FOREIGN.search(text)


@pytest.mark.parametrize("page", PAGES)
def test_every_visible_word_of_a_page_goes_through_the_catalogue(page):
    text = (TEMPLATES / page).read_text(encoding="utf-8")
    text = re.sub(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*block width\s*%}.*?{%\s*endblock\s*%}", "", text)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    text = re.sub(r"\b[0-9a-f]{4}\b", "", text)  # groups of a sample key
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"Coffer", "UTC"}


@pytest.mark.parametrize("mail", MAILS)
def test_every_mail_has_a_subject_a_text_and_an_html_body(mail):
    names = {path.name for path in (TEMPLATES / "emails" / mail).iterdir()}
    assert names == {"subject.txt", "body.txt", "body.html"}


def test_mails_load_nothing_from_anywhere():
    for path in (TEMPLATES / "emails").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<img" not in text, path
        assert "<script" not in text, path
        assert "url(" not in text, path


@pytest.mark.parametrize("sheet", [*sorted((ROOT / "static" / "design").glob("*.css")), ROOT / "static/site/site.css"])
def test_a_style_sheet_is_first_party_and_knows_no_left_or_right(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "@import" not in text
    assert "url(" not in text
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|float:", text)
    if sheet.name != "tokens.css":
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b", text))
        assert colours <= {"#ffffff"}, "colours belong in tokens.css"


def test_every_class_a_page_uses_is_described_by_a_style_sheet():
    css = "".join(p.read_text() for p in (ROOT / "static" / "design").glob("*.css"))
    css += (ROOT / "static" / "site" / "site.css").read_text()
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", css))
    used = set()
    for page in PAGES:
        text = re.sub(r"{%.*?%}|{{.*?}}", " ", (TEMPLATES / page).read_text(encoding="utf-8"))
        for names in re.findall(r'class="([^"]*)"', text):
            used |= set(names.split())
    assert used - known == set()

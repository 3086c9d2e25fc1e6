"""The limits are said twice, for engineers and for everybody, and both lists are the same."""

import re

import pytest

from webapp.server.settings.environment import ROOT

pytestmark = pytest.mark.django_db


def limits_of_the_threat_model() -> list[str]:
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    section = page.split("\n## Honest limits\n")[1].split("\n## ")[0]
    names = re.findall(r"^- \*\*(.+?)\.\*\*", section, re.MULTILINE)
    assert len(names) == len(re.findall(r"^- ", section, re.MULTILINE)), "every limit begins with its name"
    return [re.sub(r"\W+", "-", name.lower()) for name in names]


def cards(text: str) -> dict[str, str]:
    return dict(re.findall(r'<li class="card" id="([a-z-]+)">(.+?)</li>', text, re.DOTALL))


def test_the_page_says_every_limit_of_the_threat_model_in_its_order_and_no_other(client):
    assert list(cards(client.get("/limits/").content.decode())) == limits_of_the_threat_model()


def test_every_limit_says_what_can_happen_and_what_one_can_do(client):
    for slug, card in cards(client.get("/limits/").content.decode()).items():
        answers = re.findall(r"<dd>(.+?)</dd>", card, re.DOTALL)
        assert len(answers) == 2, slug
        assert all(len(answer) > 30 for answer in answers), slug


def test_figures_on_the_page_are_those_of_the_rules(client):
    text = client.get("/limits/").content.decode()
    for figure in ("ten guesses", "every 30 days", "12 percent"):
        assert figure in text


@pytest.mark.parametrize("page", ["/", "/promises/", "/limits/", "/accounts/login/"])
def test_the_page_is_linked_from_where_people_decide(client, page):
    assert 'href="/limits/"' in client.get(page).content.decode()


def test_the_readme_and_the_threat_model_lead_to_it():
    for name in ("README.md", "docs/threat-model.md"):
        assert "/limits/" in (ROOT / name).read_text(encoding="utf-8")

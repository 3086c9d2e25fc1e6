"""Every page: a language, landmarks, one heading, a way past the navigation, and nothing inline."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from webapp.server import pages

pytestmark = pytest.mark.django_db

OPEN = [
    "/",
    "/promises/",
    "/limits/",
    "/hand-over/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/inbox/",
]
SIGNED_IN = [
    "/",
    "/promises/",
    "/accounts/sessions/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/app-tokens/",
    "/accounts/your-data/",
    "/accounts/delete/",
    "/accounts/2fa/totp/activate/",
    "/accounts/logout/",
]


class Structure(HTMLParser):
    """What a screen reader finds its way by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self._in_title = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_title = tag == "title"

    def handle_endtag(self, tag):
        self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def check(page: str) -> None:
    found = Structure(page)
    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert found.all("html")[0]["lang"] == "en"
    assert found.title.endswith("Coffer")
    assert len(found.all("main")) == 1
    assert len(found.all("h1")) == 1
    assert all("alt" in image for image in found.all("img"))
    assert not found.all("style")
    assert all("src" in script for script in found.all("script"))
    assert not [
        tag for tag, attributes in found.tags for name in attributes if name == "style" or name.startswith("on")
    ]
    identifiers = [attributes["id"] for _, attributes in found.tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    labelled = {label.get("for") for label in found.all("label")}
    for field in found.all("input"):
        assert field.get("type") == "hidden" or field["id"] in labelled
    for number, level in enumerate(levels := [int(tag[1]) for tag, _ in found.tags if tag in {"h1", "h2", "h3", "h4"}]):
        assert number == 0 or level <= levels[number - 1] + 1, levels


def check_frame(page: str) -> None:
    found = Structure(page)
    assert len(found.all("header")) == len(found.all("footer")) == 1
    assert all(nav.get("aria-label") for nav in found.all("nav"))
    first_link = found.all("a")[0]
    assert first_link["href"] == "#main"
    assert found.all("main")[0]["id"] == "main"


@pytest.mark.parametrize("path", OPEN)
def test_a_page_for_everybody(client, path):
    reply = client.get(path)
    assert reply.status_code == 200
    check(reply.content.decode())
    check_frame(reply.content.decode())


@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_for_those_who_are_signed_in(signed_in, path):
    reply = signed_in.get(path)
    assert reply.status_code == 200
    check(reply.content.decode())
    check_frame(reply.content.decode())


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (pages.bad_request, 400),
        (pages.permission_denied, 403),
        (pages.not_found, 404),
        (pages.too_many_requests, 429),
        (pages.server_error, 500),
        (pages.csrf_failure, 403),
    ],
)
def test_a_page_about_a_problem_says_what_to_do(rf, view, status):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/somewhere")
    request.user = AnonymousUser()
    reply = view(request)
    assert reply.status_code == status
    check(reply.content.decode())
    assert 'href="/"' in reply.content.decode()
    assert reply["Cache-Control"] == "no-store"


def test_a_wrong_address_gets_the_friendly_page(client):
    reply = client.get("/nowhere/")
    assert reply.status_code == 404
    assert "There is no page here" in reply.content.decode()


def test_a_form_without_its_token_gets_the_friendly_page(account):
    strict = Client(enforce_csrf_checks=True)
    reply = strict.post("/accounts/signup/", {"email": "ana@example.org"})
    assert reply.status_code == 403
    assert "This form has gone stale" in reply.content.decode()


def test_the_front_page_answers_what_people_ask(client):
    page = client.get("/").content.decode()
    for words in (
        "How it works",
        "What we cannot see",
        "What we can hand over",
        "Try it with a sample",
        "Honest limits",
        "You lost your phone",
        "You run a server",
    ):
        assert words in page


def test_the_operator_is_named_where_there_is_one(client, settings):
    settings.COFFER_OPERATOR = "The Example Clinic"
    assert "run by The Example Clinic" in client.get("/").content.decode()


def test_account_pages_send_a_stranger_to_sign_in_and_back(client):
    for name in ("usersessions_list", "account_email", "mfa_index"):
        reply = client.get(reverse(name))
        assert reply.status_code == 302
        assert reply["Location"] == f"/accounts/login/?next={reverse(name)}"


def test_every_link_of_the_site_leads_somewhere(signed_in, client):
    followed = set()
    for visitor, paths in ((client, OPEN), (signed_in, SIGNED_IN)):
        for path in paths:
            for link in Structure(visitor.get(path).content.decode()).all("a"):
                target = (link["href"] or "").split("#")[0]
                if target and target not in followed and not target.startswith("/app/"):
                    followed.add(target)
                    assert visitor.get(target).status_code in {200, 302}, (path, target)
    assert len(followed) > 8

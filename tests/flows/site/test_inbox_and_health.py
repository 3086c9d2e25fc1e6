"""The inbox of a development server, and the two questions of a load balancer."""

import pytest
from django.db import connections

from webapp.server.notices import outbox
from webapp.server.notices.inbox import code_in

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def mail(subject: str, text: str):
    return outbox.write(recipients=["ana@example.org"], sender="c@example.org", subject=subject, text=text, headers={})


def test_the_newest_mail_comes_first_with_its_code_in_view(client):
    mail("first", "Hello\n\n1111-2222\n")
    mail("second", "Hello\n\n3333-4444\n")
    page = client.get("/inbox/").content.decode()
    assert page.index("3333-4444") < page.index("1111-2222")
    assert 'data-copy="3333-4444"' in page


def test_an_empty_inbox_says_what_to_do(client):
    assert "Nothing yet" in client.get("/inbox/").content.decode()


def test_a_mail_is_shown_as_text_whatever_it_holds(client):
    mail("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    page = client.get("/inbox/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_inbox_exists_only_in_development(client, settings):
    settings.COFFER_INBOX = False
    assert client.get("/inbox/").status_code == 404
    assert "/inbox/" not in client.get("/accounts/login/").content.decode()


def test_the_sign_in_page_of_a_development_server_leads_to_the_inbox(client):
    assert 'href="/inbox/"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Type\n\n1234-5678\n\nbye", "1234-5678"),
        ("your number 1234-5678 is", None),
        ("12345678", None),
        ("", None),
    ],
)
def test_a_code_is_what_stands_alone_on_a_line(text, code):
    assert code_in(text) == code


def test_a_living_process_says_so_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        reply = client.get("/health/live")
    assert reply.json() == {"live": True}
    assert "no-store" in reply["Cache-Control"]


def test_ready_means_that_both_databases_answer(client):
    reply = client.get("/health/ready")
    assert reply.status_code == 200
    assert reply.json() == {"ready": True, "down": [], "impaired": []}


def test_a_database_that_is_down_is_named_and_nothing_more(client, monkeypatch, tmp_path):
    from django.db.utils import OperationalError

    def refuse(*args, **kwargs):
        raise OperationalError("password=secret")

    monkeypatch.setattr(connections["vault"], "cursor", refuse)
    reply = client.get("/health/ready")
    assert reply.status_code == 503
    assert reply.json() == {"ready": False, "down": ["vault"], "impaired": []}


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_probe_may_call_the_machine_by_any_name_over_plain_http(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["coffer.example.org"]
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.post(path).status_code == 405
    assert client.get("/promises/", headers={"Host": "10.0.0.7:8000"}).status_code == 400

"""Sessions: seen, and ended."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_every_browser_that_is_signed_in_is_listed_by_name(client, sign_up, sign_in):
    sign_up(client)
    sign_in(Client(headers={"User-Agent": FIREFOX}))
    page = client.get("/accounts/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "this browser" in page


def test_ending_one_session_signs_that_browser_out_and_no_other(client, sign_up, sign_in):
    sign_up(client)
    second, third = Client(headers={"User-Agent": FIREFOX}), Client()
    sign_in(second)
    sign_in(third)
    page = client.get("/accounts/sessions/")
    target = next(s for s in page.context["sessions"] if s.user_agent == FIREFOX)
    assert client.post(f"/accounts/sessions/{target.pk}/end/")["Location"] == "/accounts/sessions/"
    assert second.get("/accounts/sessions/").status_code == 302
    assert third.get("/accounts/sessions/").status_code == 200
    assert client.get("/accounts/sessions/").status_code == 200


def test_all_other_sessions_can_be_ended_at_once(client, sign_up, sign_in):
    sign_up(client)
    other = Client()
    sign_in(other)
    client.post("/accounts/sessions/")
    assert other.get("/accounts/sessions/").status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(client, sign_up):
    sign_up(client, "ana@example.org")
    stranger = Client()
    sign_up(stranger, "bo@example.org")
    target = client.get("/accounts/sessions/").context["sessions"][0]
    assert stranger.post(f"/accounts/sessions/{target.pk}/end/").status_code == 404
    assert client.get("/accounts/sessions/").status_code == 200


def test_a_session_does_not_end_by_a_link(client, sign_up):
    sign_up(client)
    target = client.get("/accounts/sessions/").context["sessions"][0]
    assert client.get(f"/accounts/sessions/{target.pk}/end/").status_code == 405

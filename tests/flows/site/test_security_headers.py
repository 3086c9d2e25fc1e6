"""The headers of every kind of address: pages, app, interfaces, files, refusals, redirects."""

import pytest
from django.conf import settings as django_settings

from webapp.server import security_headers

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

SITE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
APP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "media-src blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
API = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

ADDRESSES = {
    "/": SITE,
    "/promises/": SITE,
    "/limits/": SITE,
    "/accounts/login/": SITE,
    "/accounts/sessions/": SITE,
    "/inbox/": SITE,
    "/nowhere/": SITE,
    "/static/design/tokens.css": SITE,
    "/static/site/page.js": SITE,
    "/app/": APP,
    "/app/new": APP,
    "/app/assets/missing.js": APP,
    "/api/v1/me": API,
    "/vault/v1/identity": API,
    "/health/live": API,
    "/health/ready": API,
}


@pytest.fixture
def bundle(settings, tmp_path):
    """A built app in small, where the server looks for it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>app</title>")
    (tmp_path / "assets" / "main.0a1b2c3d.js").write_text("// app")
    settings.APP_BUNDLE = tmp_path
    return tmp_path


@pytest.mark.parametrize(("path", "policy"), ADDRESSES.items())
def test_every_answer_carries_its_areas_policy(fetch, path, policy):
    reply, _ = fetch(path)
    assert reply["Content-Security-Policy"] == policy


@pytest.mark.parametrize("path", [*ADDRESSES, "/admin/", "/admin/login/"])
def test_every_answer_is_isolated_from_other_sites(fetch, path):
    reply, _ = fetch(path)
    assert reply["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert reply["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["X-Frame-Options"] == "DENY"
    assert reply["Referrer-Policy"] == ("no-referrer" if path.startswith("/app/") else "same-origin")
    assert "Access-Control-Allow-Origin" not in reply
    assert "camera=()" in reply["Permissions-Policy"]


def test_a_worker_script_carries_the_apps_policy(fetch, bundle):
    reply, _ = fetch("/app/assets/main.0a1b2c3d.js")
    assert reply.status_code == 200
    assert reply["Content-Security-Policy"] == APP
    assert "immutable" in reply["Cache-Control"]


def test_only_the_admin_is_allowed_to_evaluate_and_still_loads_nothing_from_elsewhere():
    for area, policy in [*security_headers.AREAS, ("/", security_headers.SITE)]:
        sources = {source for values in policy.values() for source in values}
        assert not any("http" in source or "*" in source for source in sources)
        assert ("'unsafe-eval'" in sources) is (area == "/admin/")
        assert ("'unsafe-inline'" in sources) is (area == "/admin/")


def test_an_address_that_only_looks_like_the_admin_gets_the_strict_policy():
    assert "unsafe" not in security_headers.policy_for("/administration")
    assert "unsafe" not in security_headers.policy_for("/app/admin/").replace("'wasm-unsafe-eval'", "")


def test_the_headers_stand_above_the_static_files():
    order = django_settings.MIDDLEWARE
    assert order.index("webapp.server.security_headers.SecurityHeaders") < order.index(
        "webapp.server.static_files.StaticFiles"
    )

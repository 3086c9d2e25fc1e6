"""The production settings, loaded as a public server loads them: in a process of their own."""

import json
import os
import subprocess
import sys

import pytest

from webapp.server.settings.environment import ROOT

GOOD = {
    "COFFER_MODE": "production",
    "COFFER_ORIGIN": "https://coffer.example.org",
    "COFFER_SMTP_URL": "smtp://u:p@mail.example.org",
    "COFFER_MAIL_FROM": "Coffer <coffer@example.org>",
}
SHOW = """
import json
from django.conf import settings as s
print(json.dumps({n: getattr(s, n) for n in (
    "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "SECURE_HSTS_SECONDS", "COFFER_SECOND_FACTOR_FOR_STAFF", "COFFER_INBOX",
    "NOTICES_DELIVERY", "PASSWORD_HASHERS")}))
"""


def python(tmp_path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    environment |= GOOD | {"COFFER_DATA": str(tmp_path / "data")} | changes
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_production_is_closed_where_development_is_open(tmp_path):
    done = python(tmp_path, "-c", SHOW, DJANGO_SETTINGS_MODULE="webapp.server.settings.production", COFFER_DEBUG="yes")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["DEBUG"] is False
    assert shown["ALLOWED_HOSTS"] == ["coffer.example.org"]
    assert shown["SESSION_COOKIE_SECURE"] is shown["SESSION_COOKIE_HTTPONLY"] is shown["CSRF_COOKIE_SECURE"] is True
    assert shown["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert shown["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert shown["SECURE_HSTS_SECONDS"] >= 31536000
    assert shown["COFFER_SECOND_FACTOR_FOR_STAFF"] is True
    assert shown["COFFER_INBOX"] is False
    assert shown["NOTICES_DELIVERY"] == "smtp"
    assert "Argon2" in shown["PASSWORD_HASHERS"][0]


def test_the_deployment_check_has_nothing_to_say(tmp_path):
    done = python(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["COFFER_ORIGIN", "COFFER_SMTP_URL", "COFFER_MAIL_FROM"])
def test_a_missing_setting_stops_the_start_and_is_named(tmp_path, missing):
    done = python(tmp_path, "manage.py", "check", **{missing: ""})
    assert done.returncode != 0
    assert f"Set {missing}" in done.stderr


def test_a_public_address_without_https_is_refused(tmp_path):
    done = python(tmp_path, "manage.py", "check", COFFER_ORIGIN="http://coffer.example.org")
    assert done.returncode != 0
    assert "COFFER_ORIGIN is the public address" in done.stderr


def test_there_is_no_inbox_page(tmp_path):
    script = "import django; django.setup(); from django.urls import resolve; resolve('/inbox/')"
    done = python(tmp_path, "-c", script, DJANGO_SETTINGS_MODULE="webapp.server.settings.production")
    assert "Resolver404" in done.stderr


def test_setup_collects_the_static_files_once(tmp_path):
    first = python(tmp_path, "manage.py", "setup")
    assert first.returncode == 0, first.stderr
    assert "prepared: static files" in first.stdout
    second = python(tmp_path, "manage.py", "setup")
    assert (second.returncode, second.stdout) == (0, "")


def test_production_refuses_a_vault_without_waits(tmp_path):
    done = python(tmp_path, "manage.py", "check", COFFER_VAULT_BACKOFF="off")
    assert done.returncode != 0
    assert "COFFER_VAULT_BACKOFF" in done.stderr
    assert python(tmp_path, "-c", WAITS, COFFER_MODE="development", COFFER_VAULT_BACKOFF="off").stdout == "[]\n"


WAITS = """
from webapp.server.settings import development
print(development.VAULT_BACKOFF)
"""

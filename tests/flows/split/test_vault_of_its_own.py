"""Site and vault as two processes with two databases: the circle through the site's forwarding; what neither knows."""

import json
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.split.programs import ROOT, arrive, ask, environment
from vault.wire.messages import Empty
from vault.wire.routes import FORWARDED, ROUTES
from vault.wire.ticket import HEADER, Purpose
from webapp.cli.crypto import NativeCrypto
from webapp.engine.crypto.keys import prepare_password
from webapp.engine.errors import SiteRefused
from webapp.engine.safes import NewSafe, create_safe
from webapp.engine.vault_client import VaultSubstituted, WrongPassword

PASSWORD = "harbour Ninety lanterns"
JSON = {"Content-Type": "application/json"}
SHOW = """
import json, django
django.setup()
from django.conf import settings
from django.apps import apps
print(json.dumps({
    "settings": {n: repr(getattr(settings, n)) for n in dir(settings) if n.startswith("VAULT")},
    "databases": sorted(settings.DATABASES), "apps": [a.name for a in apps.get_app_configs()]}))
"""


@pytest.fixture
def person(split):
    return arrive(split.site, f"{secrets.token_hex(4)}@example.org", split.pins)


async def safe_of(person, password=PASSWORD):
    new = NewSafe.begin(NativeCrypto())
    return await create_safe(NativeCrypto(), person.site, person.vault, person.account, new, password)


def opening(person, safe, password):
    return person.vault.login_with_password(safe.safe, safe.key.key_check, prepare_password(password))


def test_the_whole_circle_goes_through_the_site(person, run):
    safe = run(safe_of(person))
    with pytest.raises(WrongPassword) as wrong:
        run(opening(person, safe, "not this one"))
    assert wrong.value.guesses_left == 9
    unlocked = run(opening(person, safe, PASSWORD))
    assert unlocked.key.secret.expose() == safe.key.secret.expose()
    assert unlocked.failures == 1
    run(person.vault.set_head(safe.safe, safe.key, b"h" * 32))
    assert run(person.vault.read_head(safe.safe, safe.key)) == b"h" * 32
    status = run(person.vault.status(safe.safe))
    assert (status.state, status.guesses_left) == ("active", 10)
    run(person.vault.destroy(safe.safe, safe.key, status.record, status.version))
    with pytest.raises(SiteRefused) as gone:
        run(opening(person, safe, PASSWORD))
    assert gone.value.code == "record_destroyed"


def test_the_two_share_no_file_and_no_table(split):
    def tables(path: Path) -> set[str]:
        with closing(sqlite3.connect(path)) as connection:
            return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}

    site, vault = split.site.folder, split.vault.folder
    assert not any(name.startswith("vault_") for name in tables(site / "site.sqlite3"))
    of_vault = tables(vault / "vault.sqlite3")
    assert {name for name in of_vault if not name.startswith(("vault_", "sqlite_"))} == {"django_migrations"}
    assert not any(name.startswith("vault_") for name in tables(vault / "admin.sqlite3"))
    assert {path.name for path in site.iterdir()} & {"vault.sqlite3", "custody", "vault-dumps"} == set()
    assert {path.name for path in vault.iterdir()} & {"site.sqlite3", "secrets", "chunks"} == set()


def test_the_sites_settings_know_an_address_and_nothing_else_of_the_vault(split):
    env = environment(**split.site.settings, DJANGO_SETTINGS_MODULE="webapp.server.settings.development")
    done = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["settings"] == {"VAULT_URL": repr(split.site.settings["COFFER_VAULT_URL"]), "VAULT_CA": "None"}
    assert shown["databases"] == ["default"]
    assert not [name for name in shown["apps"] if name.startswith("vault")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files through Linux's /proc")
def test_the_sites_processes_have_no_file_of_the_vault_open(split, person, run):
    run(safe_of(person))
    opened = {path for process in tree(split.site.process.pid) for path in files_of(process)}
    assert any("site.sqlite3" in path for path in opened)
    assert not [path for path in opened if str(split.vault.folder) in path]


def tree(process: int) -> list[int]:
    found = [process]
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            found += tree(int(child))
    return found


def files_of(process: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except OSError:
            continue
    return found


def test_a_ticket_is_spent_once_whichever_way_it_comes(split, person, run):
    safe = run(safe_of(person))
    ticket = run(person.site.ticket(safe.safe, Purpose.STATUS))
    forwarded, direct = (f"{program.origin}/vault/v1/status" for program in (split.site, split.vault))
    first = ask(forwarded, Empty().to_bytes(), {**JSON, HEADER: ticket})
    assert first.status == 200
    for url in (direct, forwarded):
        again = ask(url, Empty().to_bytes(), {**JSON, HEADER: ticket})
        assert (again.status, json.loads(again.body)["error"]["code"]) == (409, "ticket_spent")


@pytest.mark.parametrize("route", FORWARDED, ids=lambda route: route.name)
def test_what_the_vault_says_arrives_byte_for_byte(split, route):
    body = None if route.method == "GET" else b'{"x":1}'
    headers = {} if body is None else {**JSON, HEADER: "A" * 40}
    forwarded, direct = (
        ask(f"{program.origin}/vault/v1/{route.path}", body, headers, route.method)
        for program in (split.site, split.vault)
    )
    assert forwarded.status == direct.status
    assert forwarded.body == direct.body
    for name in ("content-type", "cache-control"):
        assert forwarded.headers[name] == direct.headers[name]
    assert "set-cookie" not in forwarded.headers


@pytest.mark.parametrize("path", ["", "elsewhere", "../health/ready", "identity/", "%2e%2e/health/ready"])
def test_no_other_address_of_the_vault_is_reached(split, path):
    assert ask(f"{split.site.origin}/vault/v1/{path}").status == 404


@pytest.mark.parametrize("route", [route for route in ROUTES if route.for_site], ids=lambda route: route.name)
def test_what_only_the_site_asks_is_not_handed_on_for_anybody(split, route):
    refused = ask(f"{split.site.origin}/vault/v1/{route.path}", b"{}", {**JSON, HEADER: "A" * 40})
    assert (refused.status, json.loads(refused.body)["error"]["code"]) == (404, "not_found")
    known = ask(f"{split.vault.origin}/vault/v1/{route.path}", b"{}", {**JSON, HEADER: "A" * 40})
    assert json.loads(known.body)["error"]["code"] == "ticket_refused"


def test_the_vaults_admin_is_on_a_port_of_its_own_and_asks_who_is_there(split):
    admin = f"http://localhost:{split.vault.settings['COFFER_VAULT_ADMIN_PORT']}"
    assert b"password" in ask(f"{admin}/login/").body
    for origin in (split.vault.origin, split.site.origin + "/vault/v1"):
        assert ask(f"{origin}/login/").status == 404
    assert b"public_key" not in ask(f"{admin}/vault/v1/identity").body


def test_another_vault_behind_the_same_site_is_caught(split, person, run):
    """The site hands tickets of its own to whom it likes: it forwards to a vault that it runs itself."""
    person.session.elsewhere["/vault/v1/"] = split.other_vault.origin
    with pytest.raises(VaultSubstituted) as caught:
        run(person.vault.check_identity())
    assert caught.value.code == "vault_substituted"
    with pytest.raises(VaultSubstituted):
        run(safe_of(person))
    with closing(sqlite3.connect(split.other_vault.folder / "vault.sqlite3")) as connection:
        states = {row[0] for row in connection.execute("SELECT state FROM vault_record")}
    assert states <= {"pending"}


def test_a_safe_with_its_vault_exchanged_gives_that_vault_no_proof(split, person, run):
    """The substitute can only say that it does not know the safe; the password's proof never reaches it."""
    safe = run(safe_of(person))
    person.session.elsewhere["/vault/v1/"] = split.other_vault.origin
    with pytest.raises(SiteRefused) as refused:
        run(opening(person, safe, PASSWORD))
    assert refused.value.code == "safe_unknown"


def test_a_vault_that_is_away_is_said_and_costs_nothing(split, person, run):
    safe = run(safe_of(person))
    split.vault.stop()
    try:
        with pytest.raises(SiteRefused) as away:
            run(opening(person, safe, PASSWORD))
        assert (away.value.code, away.value.data["status"]) == ("vault_unreachable", 503)
        assert ask(f"{split.site.origin}/health/ready").status == 200
    finally:
        split.vault.start()
    assert run(opening(person, safe, PASSWORD)).guesses_before == 10

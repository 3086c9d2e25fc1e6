"""docs/settings.md and the list of settings say the same."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from webapp.server.settings import environment
from webapp.server.settings.environment import ROOT, SETTINGS

DOCUMENTED = re.findall(r"^\| `(COFFER_[A-Z0-9_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)


def settings_of_the_vaults_host() -> set[str]:
    """Read from its source: loading its settings asks for a host that is set up."""
    source = (ROOT / "vault" / "host" / "settings.py").read_text(encoding="utf-8")
    shared = (ROOT / "vault" / "host" / "environment.py").read_text(encoding="utf-8")
    return set(re.findall(r'Setting\("(COFFER_[A-Z0-9_]+)"', source + shared))


def test_every_setting_is_documented_once_and_nothing_else_is():
    assert sorted(DOCUMENTED) == sorted(set(SETTINGS) | settings_of_the_vaults_host())


def test_the_server_reads_no_variable_that_is_not_listed():
    used = set()
    for path in [ROOT / "manage.py", *(ROOT / "webapp" / "server").rglob("*.py"), *(ROOT / "vault").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"""environ(?:\.get\(|\[)["'](COFFER_[A-Z0-9_]+)""", text))
        used |= set(re.findall(r"""environment\.\w+\(["'](COFFER_[A-Z0-9_]+)""", text))
    assert used
    assert used <= set(SETTINGS) | settings_of_the_vaults_host()


def test_a_limit_that_an_operator_may_change_is_a_setting():
    table = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition("## Limits")[2].partition("\n## ")[0]
    named = re.findall(r"COFFER_[A-Z0-9_]+", table)
    assert named
    assert set(named) <= set(SETTINGS)


@pytest.mark.parametrize(
    "address",
    [
        "vault.internal:8010",
        "ftp://vault",
        "https://",
        "https://vault/v1",
        "https://u:p@vault",
        "http://vault.internal",
    ],
)
def test_a_vaults_address_is_https_and_nothing_but_an_address(monkeypatch, address):
    monkeypatch.setenv("COFFER_VAULT_URL", address)
    with pytest.raises(ImproperlyConfigured, match="COFFER_VAULT_URL is"):
        environment.vault_address()


@pytest.mark.parametrize("address", ["https://vault.internal:8010", "http://127.0.0.1:8010", "https://vault/"])
def test_a_vaults_address_is_taken(monkeypatch, address):
    monkeypatch.setenv("COFFER_VAULT_URL", address)
    assert environment.vault_address() == address.rstrip("/")


def test_a_site_with_a_vault_elsewhere_refuses_that_vaults_settings(monkeypatch):
    monkeypatch.setenv("COFFER_VAULT_URL", "https://vault.internal:8010")
    monkeypatch.setenv("COFFER_VAULT_DATABASE_URL", "postgresql://a:b@c/d")
    with pytest.raises(ImproperlyConfigured, match=r"COFFER_VAULT_DATABASE_URL belongs to the vault's own host"):
        environment.vault_address()


@pytest.mark.parametrize("value", ["maybe", "ja", "y e s", "2"])
def test_a_mistyped_yes_is_refused_instead_of_guessed(monkeypatch, value):
    monkeypatch.setenv("COFFER_OPEN_SIGNUP", value)
    with pytest.raises(ImproperlyConfigured, match="COFFER_OPEN_SIGNUP is yes or no"):
        environment.yes("COFFER_OPEN_SIGNUP")


def test_a_number_is_a_number(monkeypatch):
    monkeypatch.setenv("COFFER_PORT", "80a")
    with pytest.raises(ImproperlyConfigured, match="COFFER_PORT is a whole number"):
        environment.number("COFFER_PORT")


def test_a_postgresql_address_becomes_a_database(monkeypatch, tmp_path):
    monkeypatch.setenv("COFFER_DATABASE_URL", "postgresql://co%40ffer:p%2Fw@db.internal:5433/site?sslmode=require")
    database = environment.database("COFFER_DATABASE_URL", tmp_path / "unused")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("site", "co@ffer", "p/w")
    assert (database["HOST"], database["PORT"]) == ("db.internal", "5433")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_another_kind_of_database_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("COFFER_DATABASE_URL", "mysql://a:b@c/d")
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        environment.database("COFFER_DATABASE_URL", tmp_path / "unused")


@pytest.mark.parametrize(
    ("address", "port", "starttls", "tls"),
    [
        ("smtp://u:p@mail.example", 587, True, False),
        ("smtps://u:p@mail.example", 465, False, True),
        ("smtp://localhost:25?plain=yes", 25, False, False),
    ],
)
def test_a_mail_server_is_spoken_to_in_tls_unless_told_otherwise(monkeypatch, address, port, starttls, tls):
    monkeypatch.setenv("COFFER_SMTP_URL", address)
    options = environment.smtp_options("COFFER_SMTP_URL")
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, starttls, tls)


def test_custody_is_the_key_file_unless_an_hsm_is_named(monkeypatch, tmp_path):
    assert environment.custody(tmp_path) == {"kind": "software", "path": tmp_path}
    monkeypatch.setenv("COFFER_VAULT_PKCS11_MODULE", "/usr/lib/hsm.so")
    with pytest.raises(ImproperlyConfigured, match="COFFER_VAULT_PKCS11_PIN_FILE"):
        environment.custody(tmp_path)
    monkeypatch.setenv("COFFER_VAULT_PKCS11_PIN_FILE", "/etc/coffer/pin")
    expected = {"kind": "pkcs11", "module": "/usr/lib/hsm.so", "token": "coffer", "pin_file": "/etc/coffer/pin"}
    assert environment.custody(tmp_path) == expected

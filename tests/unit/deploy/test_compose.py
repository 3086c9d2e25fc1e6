"""compose.yaml and the Dockerfile: every setting is one of ours, every image pinned, every secret a file of its own."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.server.test_settings_documented import DOCUMENTED, settings_of_the_vaults_host
from webapp.server.settings.environment import ROOT, SETTINGS

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
each = pytest.mark.parametrize


def named(service: dict[str, Any]) -> set[str]:
    return {secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])}


def plain(name: str) -> str:
    """The setting that NAME_FILE stands for."""
    return name if name in DOCUMENTED else name.removesuffix("_FILE")


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    command = [sys.executable, "deploy/make_secrets.py", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=30)
    assert "smtp" in done.stdout
    (folder / "smtp").write_text("smtp://u:p@mail.example.org:587")
    (folder / "ticket-key").write_text("A" * 43)
    return folder


def test_the_whole_house_is_there() -> None:
    assert set(SERVICES) == {
        *("site-db", "vault-db", "broker", "store", "setup", "site", "worker", "clock", "vault"),
    }


@each("name", SERVICES)
def test_every_setting_is_documented_and_belongs_to_that_program(name: str) -> None:
    given = {plain(key) for key in SERVICES[name].get("environment", {}) if key.startswith("COFFER_")}
    assert given <= set(DOCUMENTED)
    known = settings_of_the_vaults_host() if name == "vault" else set(SETTINGS)
    assert given <= known


@each("name", SERVICES)
def test_every_image_is_pinned_to_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", SERVICES[name]["image"])


def test_images_with_one_name_are_built_in_one_way() -> None:
    built: dict[str, Any] = {}
    for name in OURS:
        service = SERVICES[name]
        assert built.setdefault(service["image"], service["build"]) == service["build"]
        assert f" AS {service['build']['target']}\n" in DOCKERFILE


@each("name", SERVICES)
def test_every_service_tells_its_health_but_the_one_that_ends(name: str) -> None:
    service = SERVICES[name]
    if name == "setup":
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["healthcheck"]["retries"] >= 3


@each("name", SERVICES)
def test_what_a_service_waits_for_can_be_waited_for(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other == "setup" else "service_healthy"
        assert how["condition"] == wanted
        assert other in SERVICES


@each("name", SERVICES)
def test_no_service_has_more_power_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "pid", "user", "devices"} & set(service)
    if name in OURS:
        assert service["read_only"] is True
        assert "cap_add" not in service


def test_only_the_site_has_a_port_and_only_for_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "site": ["127.0.0.1:8000:8000"]
    }


def test_the_site_and_the_vault_meet_at_one_place_only() -> None:
    def networks(*names: str) -> set[str]:
        return {network for name in names for network in SERVICES[name]["networks"]}

    assert networks("vault", "vault-db") & networks(
        "site-db", "broker", "store", "setup", "site", "worker", "clock"
    ) == {"bridge"}
    assert networks("vault-db") == {"vault"}
    assert all(COMPOSE["networks"][name].get("internal") for name in ("site", "vault", "bridge"))
    volumes = {name: {v.split(":")[0] for v in service.get("volumes", [])} for name, service in SERVICES.items()}
    assert not (volumes["vault"] | volumes["vault-db"]) & (volumes["site"] | volumes["site-db"] | volumes["worker"])


@each("name", SERVICES)
def test_every_secret_is_a_file_and_no_password_stands_in_the_page(name: str) -> None:
    service = SERVICES[name]
    assert named(service) <= set(COMPOSE["secrets"])
    for key, value in service.get("environment", {}).items():
        if str(value).startswith("/run/secrets/"):
            assert Path(value).name in named(service), key
        else:
            assert not re.search(r"PASSWORD|SECRET|TOKEN|_URL$|SMTP", key) or key == "COFFER_VAULT_URL", key
        assert "://" not in str(value) or key in {"COFFER_VAULT_URL", "COFFER_ORIGIN"}
        # No value to fall back on where a person has to decide.
        assert ":-" not in str(value) or key == "COFFER_TRUSTED_PROXIES"
    used = {secret for other in SERVICES.values() for secret in named(other)}
    assert used == set(COMPOSE["secrets"])


def test_the_made_secrets_are_the_ones_that_are_named(secrets_folder: Path) -> None:
    made = {path.name for path in secrets_folder.iterdir()}
    assert {Path(entry["file"]).name for entry in COMPOSE["secrets"].values()} <= made
    assert stat.S_IMODE(secrets_folder.stat().st_mode) == 0o700
    passwords = [path.read_text() for path in secrets_folder.glob("*-password")]
    assert len(set(passwords)) == 4
    assert all(len(password) == 64 for password in passwords)


def test_making_them_again_changes_nothing(secrets_folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets_folder.iterdir()}
    subprocess.run([sys.executable, "deploy/make_secrets.py", str(secrets_folder)], cwd=ROOT, check=True, timeout=30)
    assert {path.name: path.read_bytes() for path in secrets_folder.iterdir()} == before


def as_given(name: str, folder: Path, data: Path) -> dict[str, str]:
    """The environment that a container of this service has, with this machine's paths."""
    asked = {
        "COFFER_ORIGIN": "https://coffer.example.org",
        "COFFER_MAIL_FROM": "Coffer <coffer@example.org>",
        "COFFER_TRUSTED_PROXIES": "1",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COFFER_", "DJANGO_"))}
    for key, value in SERVICES[name]["environment"].items():
        text = asked[key] if str(value).startswith("${") else str(value)
        kept[key] = text.replace("/run/secrets", str(folder)) if text != "/data" else str(data)
    return kept


@each("name", ["site", "worker", "clock", "setup"])
def test_the_sites_programs_start_from_what_compose_gives_them(name: str, secrets_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = as_given(name, secrets_folder, tmp_path)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_vault_starts_from_what_compose_gives_it(secrets_folder: Path, tmp_path: Path) -> None:
    environment = as_given("vault", secrets_folder, tmp_path) | {"DJANGO_SETTINGS_MODULE": "vault.host.settings"}
    script = "from django.conf import settings as s; print(s.DATABASES['vault']['HOST'], s.PRODUCTION, s.LISTEN)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "vault-db True 0.0.0.0\n", done.stderr


def test_a_setting_and_its_file_together_are_refused(secrets_folder: Path, tmp_path: Path) -> None:
    environment = as_given("site", secrets_folder, tmp_path) | {"COFFER_SMTP_URL": "smtp://a:b@c"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "Set COFFER_SMTP_URL or COFFER_SMTP_URL_FILE, not both." in done.stderr


def test_the_images_are_pinned_and_run_as_nobody_special() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    stages = set(re.findall(r" AS (\w+)", DOCKERFILE))
    assert {base for base in bases if base not in stages} == {"python:3.13.9-slim-bookworm"}
    last_user = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert last_user == "10001:10001"
    assert not re.search(r"^ADD |curl|wget|COPY .*secrets", DOCKERFILE, re.MULTILINE)


def test_what_is_copied_into_an_image_is_let_in_and_secrets_are_not() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored[0] == "*"
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert "secrets" not in let_in
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert source == "." or source.split("/")[0] in let_in, source
            assert source in {".", "vault-identity.json"} or (ROOT / source).exists()

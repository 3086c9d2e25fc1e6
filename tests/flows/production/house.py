"""The topology of compose.yaml as processes of this machine: each part started as its container starts it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.flows.split.programs import HOST, MANAGE, ROOT, environment, pins_of
from tests.ports import free_port
from webapp.engine.vault_client import VaultPins

ORIGIN = "https://coffer.example.org"


@dataclass
class House:
    """site, vault: settings of either program; folder: everything either writes to a disk of its own."""

    folder: Path
    site: dict[str, str]
    vault: dict[str, str]
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    pins: VaultPins | None = None

    @property
    def port(self) -> int:
        return int(self.site["COFFER_PORT"])

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def manage(self, *arguments: str, **changes: str) -> str:
        return self._call([*MANAGE, *arguments], self.site | changes)

    def vault_host(self, *arguments: str) -> str:
        return self._call([*HOST, *arguments], self.vault)

    def _call(self, command: list[str], settings: dict[str, str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def call(self, command: str) -> str:
        """What pins_of asks for."""
        return self.vault_host(command)

    def open(self) -> None:
        """The steps of docs/operations.md: site and vault set up, each told of the other, then every part started."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.manage("setup")
        self.vault["COFFER_VAULT_TICKET_KEY"] = self.manage("ticket_key").strip()
        self.vault_host("setup")
        self.start()

    def start(self) -> None:
        self.pins = pins_of(self)  # type: ignore[arg-type]
        self._start("vault", [*HOST, "run"], self.vault)
        for part in ("web", "worker", "clock"):
            self._start(part, [*MANAGE, "serve", part], self.site)
        deadline = time.monotonic() + 60
        while (state := self.ready()) is not True:
            self.complain()
            assert time.monotonic() < deadline, state
            time.sleep(0.2)

    def _start(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / name).open("ab") as output:
            self.parts[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment(**settings), stdout=output, stderr=output, process_group=0
            )

    def ready(self) -> object:
        from tests.flows.split.programs import ask

        try:
            reply = ask(f"http://127.0.0.1:{self.port}/health/ready")
        except OSError as error:
            return error
        return True if b'"ready": true' in reply.body and b'"impaired": []' in reply.body else reply.body

    def complain(self) -> None:
        for name, process in self.parts.items():
            assert process.poll() is None, (name, (self.logs / name).read_text()[-3000:])

    def log(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.logs.iterdir()))

    def stop(self) -> None:
        for process in self.parts.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.parts.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.parts.clear()


def certificate(folder: Path) -> Path:
    """The vault's, made as an operator makes it; → the folder of secrets."""
    subprocess.run([sys.executable, "deploy/make_secrets.py", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def make_house(folder: Path, secrets_folder: Path, site: dict[str, str], vault: dict[str, str]) -> House:
    """A house of which nothing is set up. site, vault: what differs from the usual."""
    vault_port = free_port()
    common = {"COFFER_MODE": "production", "COFFER_LOG_LEVEL": "DEBUG"}
    return House(
        folder,
        {
            **common,
            "COFFER_DATA": str(folder / "site"),
            "COFFER_PORT": str(free_port()),
            "COFFER_ORIGIN": ORIGIN,
            "COFFER_MAIL_FROM": "Coffer <coffer@example.org>",
            "COFFER_TRUSTED_PROXIES": "1",
            "COFFER_VAULT_URL": f"https://localhost:{vault_port}",
            "COFFER_VAULT_CA": str(secrets_folder / "vault-certificate.pem"),
            "COFFER_METRICS_TOKEN_FILE": str(secrets_folder / "metrics-token"),
            **site,
        },
        {
            **common,
            "COFFER_VAULT_DATA": str(folder / "vault"),
            "COFFER_VAULT_PORT": str(vault_port),
            "COFFER_VAULT_ADMIN_PORT": "0",
            "COFFER_WORKERS": "1",
            "COFFER_VAULT_CERTIFICATE": str(secrets_folder / "vault-certificate.pem"),
            "COFFER_VAULT_CERTIFICATE_KEY": str(secrets_folder / "vault-key.pem"),
            **vault,
        },
    )

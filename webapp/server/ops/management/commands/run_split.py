"""`manage.py run_split`: site and vault as two programs on one machine, as they would run on two hosts."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.host.processes import Ended, Processes, answers, port_is_free
from webapp.server.settings.environment import ROOT

# Each program gives its own children ten seconds to end.
STOP_SECONDS = 20
SITE = [sys.executable, "manage.py"]
VAULT = [sys.executable, "-m", "vault.host"]


class Command(BaseCommand):
    help = "Set up and run the site and a vault of its own beside it: two processes, two databases, two data folders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.COFFER_PORT, help="the site's; default: COFFER_PORT")
        parser.add_argument("--vault-port", type=int, default=8010)
        parser.add_argument("--admin-port", type=int, default=8011, help="of the vault's admin; 0: none")
        parser.add_argument("--no-build", action="store_true", help="serve the app at COFFER_APP as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        ports = [options["port"], options["vault_port"], *([options["admin_port"]] if options["admin_port"] else [])]
        for port in ports:
            if not port_is_free("127.0.0.1", port):
                raise CommandError(f"Port {port} is taken. Stop what uses it, or choose another (--help).")
        folder = settings.COFFER_DATA / "split"
        site, vault = _environments(folder, options)
        _run([*SITE, "setup"], site)
        # All that ever crosses by hand: the site's ticket key one way, the vault's public keys the other.
        vault["COFFER_VAULT_TICKET_KEY"] = _run([*SITE, "ticket_key"], site).strip()
        _run([*VAULT, "setup"], vault)
        pins = folder / "site" / "vault-identity.json"
        pins.write_text(_run([*VAULT, "identity"], vault))
        if not options["no_build"]:
            build = [sys.executable, "static/build/app.py", "--out", site["COFFER_APP"], "--pins", str(pins)]
            subprocess.run(build, cwd=ROOT, env=site, check=True)  # noqa: S603
        vault_side = Processes(vault, ROOT, STOP_SECONDS)
        site_side = Processes(site, ROOT, STOP_SECONDS)
        vault_side.start("vault", [*VAULT, "run"])
        try:
            if not vault_side.wait_until(lambda: answers("127.0.0.1", options["vault_port"]), 60):
                raise CommandError("The vault did not start; its log is above.")
            site_side.run(
                {"site": [*SITE, "run", "--port", str(options["port"])]},
                lambda: answers("127.0.0.1", options["port"]),
                lambda: self._announce(folder, options),
            )
        except Ended as error:
            raise CommandError(str(error)) from error
        finally:
            vault_side.stop()

    def _announce(self, folder: Path, options: dict[str, Any]) -> None:
        lines = [
            f"site:   http://localhost:{options['port']}  data in {folder / 'site'}",
            f"vault:  http://localhost:{options['vault_port']}/vault/v1/  data in {folder / 'vault'}",
            "The site forwards /vault/v1/ and knows nothing else of the vault. Ctrl-C stops both.",
        ]
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()


def _environments(folder: Path, options: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """(the site's, the vault's): neither holds a setting of the other's database or keys."""
    common = {name: value for name, value in os.environ.items() if not name.startswith(("COFFER_", "DJANGO_"))}
    app = folder / "site" / "app" if not options["no_build"] else settings.APP_BUNDLE
    site = common | {
        "COFFER_DATA": str(folder / "site"),
        "COFFER_PORT": str(options["port"]),
        "COFFER_APP": str(app),
        "COFFER_VAULT_URL": f"http://127.0.0.1:{options['vault_port']}",
    }
    vault = common | {
        "COFFER_VAULT_DATA": str(folder / "vault"),
        "COFFER_VAULT_PORT": str(options["vault_port"]),
        "COFFER_VAULT_ADMIN_PORT": str(options["admin_port"]),
    }
    return site, vault


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(done.stderr.strip() or f"{command[1]} failed")
    return done.stdout

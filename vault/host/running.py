"""Setting a vault of its own up, and running its processes. Both return what a person must see to, or None."""

import io
import os
import sys
from typing import Any, cast

from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from .processes import Ended, Processes, answers, port_is_free, web_server, worker

settings = cast(Any, django_settings)
LOOPBACK = "127.0.0.1"


def setup() -> str | None:
    """Everything a fresh vault needs before its first request; what is there already stays."""
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.DATA.chmod(0o700)
    try:
        for alias in ("vault", "default"):
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        call_command("vault_setup", verbosity=0)
        call_command("check", databases=["vault"], verbosity=0, stdout=io.StringIO())
    except CommandError as error:
        return str(error)
    return None


def run() -> str | None:
    """API, admin and worker until Ctrl-C. If one of them ends, all end."""
    wanted = [(settings.LISTEN, settings.PORT)]
    if settings.ADMIN_PORT:
        wanted.append((LOOPBACK, settings.ADMIN_PORT))
    for host, port in wanted:
        if not port_is_free(host, port):
            return f"Port {port} is taken. Stop what uses it, or choose another."
    problem = setup()
    if problem is not None:
        return problem
    tls = settings.CERTIFICATE is not None
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    def announce() -> None:
        sys.stdout.write(
            f"The key vault answers at {'https' if tls else 'http'}://{_name()}:{settings.PORT}/vault/v1/\n"
        )
        if settings.ADMIN_PORT:
            sys.stdout.write(f"Its admin is at http://localhost:{settings.ADMIN_PORT}/ on this machine\n")
        sys.stdout.flush()

    try:
        Processes(environment, settings.ROOT).run(
            _commands(tls), lambda: answers(settings.LISTEN, settings.PORT, tls=tls), announce
        )
    except Ended as error:
        return str(error)
    return None


def _commands(tls: bool) -> dict[str, list[str]]:
    encrypted = ("--ssl-certificate", settings.CERTIFICATE, "--ssl-keyfile", settings.CERTIFICATE_KEY) if tls else ()
    api = web_server(
        "vault.host.wsgi:application", settings.LISTEN, settings.PORT, settings.WORKERS, settings.THREADS, *encrypted
    )
    commands = {"vault": api, "vault's worker": worker("vault.host.celery", settings.BROKER_FOLDER / "schedule")}
    if settings.ADMIN_PORT:
        # One process, since its sessions live in its memory.
        commands["vault's admin"] = web_server("vault.host.admin_wsgi:application", LOOPBACK, settings.ADMIN_PORT, 1, 2)
    return commands


def _name() -> str:
    return "localhost" if settings.LISTEN == LOOPBACK else settings.LISTEN

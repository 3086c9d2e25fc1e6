"""`python -m vault.host COMMAND`: the vault on a host of its own.

setup       folders, database, epoch keys, identity; safe to run again
run         setup, then API, admin and worker until Ctrl-C
identity    the public keys that the browser's bundle pins, as JSON
createsuperuser   an operator for the admin
… and the vault's other commands (vault_rotate, vault_dump, vault_after_restore, vault_rearm).
"""

import os
import sys


def main() -> None:
    """Hands over to Django with the settings that know both databases of this host."""
    # The API and the worker, which need less, set their own.
    os.environ["DJANGO_SETTINGS_MODULE"] = "vault.host.admin_settings"
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(f"{__doc__}\n")
        return
    if arguments[0] not in {"setup", "run"}:
        from django.core.management import execute_from_command_line

        command = "vault_identity" if arguments[0] == "identity" else arguments[0]
        execute_from_command_line(["python -m vault.host", command, *arguments[1:]])
        return

    import django

    django.setup()
    from . import running

    problem = running.setup() if arguments[0] == "setup" else running.run()
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()

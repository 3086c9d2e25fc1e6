"""`python -m webapp.cli`: what Coffer does without a browser (docs/command-line.md).

Exit codes: 0 fine; 1 a failure, said as a sentence and what to do next; 2 wrong usage; 75 out of reach just now, trying
again later may help; 130 stopped by Ctrl-C.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterable, Sequence

from webapp.engine.errors import CofferError

from .saying import say

COMMANDS = {
    "login": "login",
    "list": "list_backups",
    "backup": "backup",
    "restore": "restore",
    "verify": "verify",
    "container": "container",
    "key": "key",
    "inspect": "inspect",
    "export": "export",
    "verify-activity": "verify_activity",
}
"""What is typed → its file in `commands`."""
FAILED, TRY_LATER, STOPPED = 1, os.EX_TEMPFAIL, 130
PASSING = {"network_down", "rate_limited", "unreachable", "server_failed", "storage_full"}


def parser(names: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """These commands with their arguments."""
    made = argparse.ArgumentParser(prog="coffer", description="Coffer on the command line.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        command = importlib.import_module(f"{__package__}.commands.{COMMANDS[name]}")
        added = commands.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(added)
        added.set_defaults(run=command.run)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """→ the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    # One command alone starts quicker than ten; whoever types none of them is shown all.
    args = parser([name for name in typed[:1] if name in COMMANDS] or COMMANDS).parse_args(typed)
    try:
        return int(args.run(args))
    except CofferError as error:
        say(error.message, error.next_step, stream=sys.stderr)
        if getattr(args, "json", False):
            print(json.dumps({"error": error.to_json()}))
        return TRY_LATER if error.code in PASSING else FAILED
    except KeyboardInterrupt:
        say("", "Stopped. What was sent is kept: the same command goes on from there.", stream=sys.stderr)
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())

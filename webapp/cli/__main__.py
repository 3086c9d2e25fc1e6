"""`python -m webapp.cli`: what Coffer does without a browser (docs/command-line.md).

Exit codes: 0 fine; 1 a failure, said as a sentence and what to do next; 2 wrong usage; 75 out of reach just now, trying
again later may help; 130 stopped by Ctrl-C.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from webapp.engine.errors import CofferError

from .commands import backup, container, export, inspect, key, list_backups, login, restore, verify, verify_activity
from .saying import say

COMMANDS = (login, list_backups, backup, restore, verify, container, key, inspect, export, verify_activity)
FAILED, TRY_LATER, STOPPED = 1, os.EX_TEMPFAIL, 130
PASSING = {"network_down", "rate_limited", "unreachable", "server_failed", "storage_full"}


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    made = argparse.ArgumentParser(prog="coffer", description="Coffer on the command line.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        added = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(added)
        added.set_defaults(run=command.run)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """→ the exit code."""
    args = parser().parse_args(arguments)
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

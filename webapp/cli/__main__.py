"""`python -m webapp.cli`: what Coffer does without a browser.

Exit codes: 0 fine; 1 a failure, said as a sentence and what to do next; 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Sequence

from webapp.engine.errors import CofferError

from .commands import export, inspect, verify_activity

COMMANDS = (inspect, export, verify_activity)


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    made = argparse.ArgumentParser(prog="python -m webapp.cli", description="Coffer on the command line.")
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
        print(f"{error.message}\n{error.next_step}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

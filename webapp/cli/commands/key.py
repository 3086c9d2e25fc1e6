"""`key check`: is this the key of the safe? Nothing of the key is sent anywhere, and no guess is spent."""

import argparse
import asyncio
import json

from webapp.cli.asking import add_secret_arguments, given_key, prompt
from webapp.cli.connection import connect
from webapp.cli.saying import say
from webapp.engine.recovery_key import parse_digits, require_key_of_safe

HELP = "Check the saved key of a safe."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("check",))
    parser.add_argument("--safe", metavar="ID", help="which safe, by the beginning of its id")
    add_secret_arguments(parser, password=False)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0. Raises KeyWrongLength, KeyBadLetter, KeyOfAnotherSafe."""
    safe = asyncio.run(_check(args))
    if args.json:
        print(json.dumps({"safe": safe, "fits": True}))
    else:
        say(f"This is the key of the safe {safe[:8]}.")
    return 0


async def _check(args: argparse.Namespace) -> str:
    connection = await connect(args)
    try:
        row = await connection.safe(args.safe)
    finally:
        connection.close()
    text = given_key(args)
    require_key_of_safe(parse_digits(prompt("Key of the safe: ") if text is None else text), row.key_check)
    return row.safe.hex()

"""`verify-activity`: is a downloaded activity file complete and unchanged? It asks nobody."""

import argparse
import json
from pathlib import Path

from webapp.cli.crypto import NativeCrypto
from webapp.cli.saying import say
from webapp.engine.activity_file import ActivityUnreadable, faults, parse
from webapp.engine.errors import CofferError

HELP = "Check that an activity file downloaded from Coffer is complete and unchanged."
KEY_BYTES = 32
MOST_BYTES = 256 * 1024 * 1024


class FileUnreadable(CofferError):
    """The path leads to nothing that can be read."""

    code = "file_unreadable"
    message = "The file cannot be read."
    next_step = "Check its name and whether you may read it."


def _key(text: str) -> bytes:
    try:
        value = bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError("not hex digits") from None
    if len(value) != KEY_BYTES:
        raise argparse.ArgumentTypeError("a vault's key has 64 hex digits")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file, as the activity page saved it")
    parser.add_argument(
        "--vault-key",
        type=_key,
        metavar="HEX",
        help="the vault's signing key (signing_public_key of /vault/v1/identity, in hex). Without it the file's own "
        "key is used, which proves only that the file is whole",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """→ 0: all of it is there, unchanged. 1: not; every fault is named. Raises ActivityUnreadable, FileUnreadable."""
    try:
        if args.file.stat().st_size > MOST_BYTES:
            raise ActivityUnreadable
        file = parse(args.file.read_bytes())
    except OSError:
        raise FileUnreadable from None
    found = faults(file, NativeCrypto().ed25519_verify, args.vault_key or file.vault_key)
    events = sum(len(record.events) for record in file.records)
    passwords = sum(record.record is not None for record in file.records)
    if args.json:
        listed = [
            {"code": fault.code, "version": fault.version, "number": fault.number, "sentence": fault.sentence}
            for fault in found
        ]
        answer = {
            "verified": not found,
            "vault_key_given": args.vault_key is not None,
            "vault_key": file.vault_key.hex(),
            "passwords": passwords,
            "events": events,
            "faults": listed,
        }
        print(json.dumps(answer))
    elif found:
        say(*(fault.sentence for fault in found))
        say("This file is not what the vault signed.")
    else:
        say(f"Complete and unchanged: {events} events of {passwords} passwords, each signed by the vault.")
        if args.vault_key is None:
            say(f"Checked against the key in the file, {file.vault_key.hex()}.")
            say("Give it as --vault-key, from a source you trust, to be sure which vault signed.")
    return 1 if found else 0

"""The keys of encrypted backups that apps made: digits, the app's own key file, or an open file descriptor."""

import argparse
from pathlib import Path

from webapp.engine.crypto.secret import Secret

from .asking import from_descriptor

LONGEST_KEY_FILE = 1 << 16


def add_source_key_arguments(parser: argparse.ArgumentParser) -> None:
    """--key and --key-fd."""
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="the app's key file, or the key's digits, which then stand in the list of processes; may be repeated",
    )
    parser.add_argument(
        "--key-fd",
        action="append",
        default=[],
        type=int,
        metavar="N",
        help="read the digits or the key file from this file descriptor; may be repeated",
    )


def given_source_keys(args: argparse.Namespace) -> tuple[Secret, ...]:
    """All keys that were given. Raises SecretUnreadable."""
    return (*map(source_key, args.key), *(Secret(from_descriptor(number)) for number in args.key_fd))


def source_key(text: str) -> Secret:
    """A file's content where there is one of that name, else the text itself."""
    path = Path(text)
    try:
        if path.is_file() and path.stat().st_size <= LONGEST_KEY_FILE:
            return Secret(path.read_bytes())
    except OSError:
        pass  # far too long for a path: digits
    return Secret(text.encode())

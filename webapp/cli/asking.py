"""Secrets come from a prompt, a key file or an open file descriptor. Never from an argument: those show in lists of
processes and in shell histories."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from webapp.engine.errors import CofferError, KeyBadLetter, KeyWrongLength
from webapp.engine.recovery_key import DIGITS, parse_digits

LONGEST = 64 * 1024


class SecretMissing(CofferError):
    """Nobody is there to type it."""

    code = "secret_missing"
    message = "The safe's key or password is needed, and there is no terminal to type it on."
    next_step = "Give --key-file, --key-fd or --password-fd."


class SecretUnreadable(CofferError):
    code = "secret_unreadable"
    message = "The key or password could not be read from there."
    next_step = "Check the file's name, or the number of the file descriptor."


def add_secret_arguments(parser: argparse.ArgumentParser, *, password: bool = True) -> None:
    """--key-file and --key-fd, and --password-fd where a password does as well."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--key-file", type=Path, metavar="FILE", help="the saved key file of the safe")
    group.add_argument("--key-fd", type=int, metavar="N", help="read the 64 digits from this file descriptor")
    if password:
        group.add_argument("--password-fd", type=int, metavar="N", help="read the password from this file descriptor")


def given_key(args: argparse.Namespace) -> str | None:
    """The text of the key, as given by an argument; None without one."""
    if args.key_file is not None:
        try:
            with args.key_file.open("rb") as file:
                return _text(file.read(LONGEST))
        except OSError:
            raise SecretUnreadable from None
    return None if args.key_fd is None else _text(from_descriptor(args.key_fd))


def given_password(args: argparse.Namespace) -> str | None:
    """The password, as given by an argument; its line's end is no part of it."""
    if getattr(args, "password_fd", None) is None:
        return None
    return _text(from_descriptor(args.password_fd)).removesuffix("\n").removesuffix("\r")


def prompt(question: str) -> str:
    """What was typed, unseen. Raises SecretMissing without a terminal."""
    if not sys.stdin.isatty():
        raise SecretMissing
    return getpass.getpass(question)


def is_key(text: str) -> bool:
    """Whether a typed secret is meant as the digits: it is one, or is as long as one and made of nothing else."""
    try:
        parse_digits(text)
    except KeyWrongLength:
        return len(text.replace(" ", "")) > DIGITS - 8
    except KeyBadLetter:
        return False
    return True


def from_descriptor(number: int) -> bytes:
    """What an open file descriptor gives. Raises SecretUnreadable."""
    try:
        with os.fdopen(number, "rb") as file:
            return file.read(LONGEST)
    except OSError:
        raise SecretUnreadable from None


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise SecretUnreadable from None

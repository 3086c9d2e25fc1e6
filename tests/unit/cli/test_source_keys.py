"""The keys of encrypted backups: from a file, from a descriptor, or typed."""

import argparse
import os
from pathlib import Path

import pytest

from webapp.cli.asking import SecretUnreadable
from webapp.cli.source_keys import add_source_key_arguments, given_source_keys

DIGITS = "0123 4567" * 8


def keys(*arguments: str) -> list[bytes]:
    parser = argparse.ArgumentParser()
    add_source_key_arguments(parser)
    return [key.expose() for key in given_source_keys(parser.parse_args(arguments))]


def descriptor(content: bytes) -> str:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return str(reading)


def test_digits_files_and_descriptors_are_keys(tmp_path: Path) -> None:
    file = tmp_path / "encrypted_backup.key"
    file.write_bytes(b"\xac\xed\x00")
    assert keys("--key", DIGITS, "--key", str(file), "--key-fd", descriptor(b"\xff\x00")) == [
        DIGITS.encode(),
        b"\xac\xed\x00",
        b"\xff\x00",
    ]
    assert keys() == []


def test_a_descriptor_that_nobody_opened_is_told() -> None:
    closed = descriptor(b"")
    os.close(int(closed))
    with pytest.raises(SecretUnreadable):
        keys("--key-fd", closed)

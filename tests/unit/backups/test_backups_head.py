"""The head as the site computes it is the head as the engine does, and binds every part."""

import hashlib
import secrets

import pytest

from webapp.engine.format.head import head_of
from webapp.server.backups.head import snapshot_head

SNAPSHOT, MANIFEST, IDS, PREVIOUS = bytes([1]) * 16, bytes([2]) * 32, bytes([3]) * 32, bytes([4]) * 32


def test_the_head_is_sha256_of_the_parts_in_order() -> None:
    expected = hashlib.sha256(b"coffer/v1/snapshot-head" + SNAPSHOT + MANIFEST + IDS + PREVIOUS).digest()
    assert snapshot_head(SNAPSHOT, MANIFEST, IDS, PREVIOUS) == expected


def test_no_head_before_it_is_32_zero_bytes() -> None:
    expected = hashlib.sha256(b"coffer/v1/snapshot-head" + SNAPSHOT + MANIFEST + IDS + bytes(32)).digest()
    assert snapshot_head(SNAPSHOT, MANIFEST, IDS, None) == expected


@pytest.mark.parametrize("previous", [None, bytes(range(32))])
def test_site_and_engine_agree(previous: bytes | None) -> None:
    ids = secrets.token_bytes(320)
    assert snapshot_head(SNAPSHOT, MANIFEST, hashlib.sha256(ids).digest(), previous) == head_of(
        SNAPSHOT, MANIFEST, ids, previous
    )


@pytest.mark.parametrize("place", range(4))
def test_a_part_of_another_length_is_refused(place: int) -> None:
    parts = [SNAPSHOT, MANIFEST, IDS, PREVIOUS]
    parts[place] += b"\0"
    with pytest.raises(ValueError, match="is not"):
        snapshot_head(*parts)

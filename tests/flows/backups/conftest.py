"""A store in a folder of its own, a ticket key, and people with safes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.backups.site_client import Browser, sign_in
from webapp.server.signing import ensure_ticket_key


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.CHUNK_STORE = tmp_path / "chunks"
    return settings.CHUNK_STORE


@pytest.fixture(autouse=True)
def ticket_key(settings: Any, tmp_path: Path) -> bytes:
    settings.SITE_TICKET_KEY_PATH = tmp_path / "ticket-key"
    return ensure_ticket_key(settings.SITE_TICKET_KEY_PATH)


@pytest.fixture
def browser(db: None, store: Path) -> Browser:
    """Signed in, with a safe of its own."""
    return sign_in("owner@example.org").make_safe()


@pytest.fixture
def stranger(db: None, store: Path) -> Browser:
    """Another account, with a safe of its own."""
    return sign_in("stranger@example.org").make_safe()

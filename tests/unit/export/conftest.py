"""What is exported."""

import sqlite3
from collections.abc import Iterator

import pytest

from tests.unit.export.exporting import events
from webapp.engine.archive import Archive, ArchiveWriter


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    connection = sqlite3.connect(":memory:")
    ArchiveWriter(connection).write(events())
    yield Archive(connection)
    connection.close()

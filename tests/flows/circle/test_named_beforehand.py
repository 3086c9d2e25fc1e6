"""Files that were cut and named before the backup begins: read again only where the safe lacks something of them."""

import random
from dataclasses import dataclass, replace

import pytest

from tests.flows.circle.world import Chosen, Visitor, Watcher
from webapp.cli.naming_ahead import NamingAhead
from webapp.engine.backup import Backup, BackupResult, backup
from webapp.engine.errors import SourceChanged
from webapp.engine.naming import with_names
from webapp.engine.ports import Data
from webapp.engine.restore import fetch_manifest
from webapp.engine.safes import OpenSafe

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@dataclass(eq=False)
class Watched(Chosen):
    """Counts what is read of it; from `changes_after` bytes on it gives another content."""

    __hash__ = object.__hash__

    given: int = 0
    changes_after: int = 1 << 60

    def read(self, offset: int, length: int) -> bytes:
        self.given += length
        content = super().read(offset, length)
        return content if self.given < self.changes_after else content[::-1]

    async def data(self, offset: int, length: int) -> Data:
        return self.read(offset, length)


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


async def back_up_named(visitor: Visitor, safe: OpenSafe, *files: Chosen) -> BackupResult:
    content = visitor.content(*files)
    named = [await with_names(visitor.provider, safe.key, file, lambda: None) for file in content.files]
    job = Backup(
        visitor.provider,
        visitor.site,
        visitor.owner(safe),
        replace(content, files=tuple(named)),
        snapshot=visitor.provider.random_bytes(16),
        created="2026-11-24T11:00:00Z",
    )
    rows = await visitor.site.snapshots(safe.safe)
    if rows:
        job.known.trust((await fetch_manifest(visitor.provider, visitor.site, visitor.owner(safe), rows[0])).chunks)
    return await backup(job, rows[0].head if rows else None, Watcher())


def test_only_what_the_safe_lacks_is_read_a_second_time(visitor, run):
    safe = run(visitor.make_safe())
    old, new = Watched("old.mp4", noise(9_000_000, 1)), Chosen("new.mp4", noise(20_000_000, 2))
    run(visitor.back_up(safe, old))
    old.given = 0
    result = run(back_up_named(visitor, safe, old, new))
    assert (result.known, result.files[1].new) == (9_000_000, 20_000_000)
    assert old.given < 1.1 * 9_000_000, "once to be named, and the look that cuts it"
    assert run(visitor.restored(safe)) == {"old.mp4": old.content, "new.mp4": new.content}


def test_a_file_that_changed_since_it_was_named_is_not_sealed_under_its_old_name(visitor, run):
    safe = run(visitor.make_safe())
    changing = Watched("film.mp4", noise(2_000_000, 1), changes_after=2_100_000)
    with pytest.raises(SourceChanged):
        run(back_up_named(visitor, safe, changing))
    assert run(visitor.site.snapshots(safe.safe)) == []


def test_a_thread_names_them_while_their_chats_are_read(visitor, run):
    safe = run(visitor.make_safe())
    files = [Watched(f"{number}.mp4", noise(3_000_000, number)) for number in range(3)]
    ahead = NamingAhead(safe.key, files[:2])
    try:
        named = [ahead.file_of(file) for file in files]
    finally:
        ahead.close()
    expected = [run(with_names(visitor.provider, safe.key, file, lambda: None)) for file in named]
    assert [file.names for file in named] == [expected[0].names, expected[1].names, None]


def test_a_thread_that_is_given_up_ends_at_once(visitor, run):
    safe = run(visitor.make_safe())
    file = Watched("long.mp4", noise(200_000_000, 1))
    ahead = NamingAhead(safe.key, [file, Watched("next.mp4", b"")])
    ahead.close()
    assert file.given < file.size
    assert ahead.file_of(file).names is None

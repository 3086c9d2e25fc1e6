"""The later life against the real site: a rehearsal, what is fetched to read a chat, what an owner takes away."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fixtures_opened import Quiet
from tests.flows.circle.world import Chosen, Collected, Visitor, Watcher, alter, flip
from webapp.cli.inflater import NativeInflater
from webapp.engine.backup import Backup, backup
from webapp.engine.changes import Changes, changes, last_of_the_same, summary_of
from webapp.engine.chosen import content_of, read_chosen
from webapp.engine.errors import Cancelled, ChunkDamaged, SiteRefused
from webapp.engine.life import set_keep, trash_snapshot
from webapp.engine.opened import OpenedSnapshot
from webapp.engine.ports import Progress
from webapp.engine.readers.reading import ReadOptions
from webapp.engine.restore import SnapshotReader, fetch_manifest
from webapp.engine.safes import OpenSafe
from webapp.engine.site_life import KeepRule
from webapp.engine.verify import Rehearsal, verify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
Run = Callable[[Any], Any]


def export(lines: int, *pictures: bytes, stored: bool = True) -> Chosen:
    """A chat export as WhatsApp writes it."""
    text = "".join(f"12/01/2026, 10:{n % 60:02} - Mira: line {n} of our chat\n" for n in range(lines))
    text += "".join(f"12/01/2026, 11:00 - Mira: VID-{n}.mp4 (file attached)\n" for n in range(len(pictures)))
    target = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("WhatsApp Chat with Jon.txt"), text.encode())
        for number, picture in enumerate(pictures):
            archive.writestr(zipfile.ZipInfo(f"VID-{number}.mp4"), picture, method)
    return Chosen("WhatsApp Chat with Jon.zip", target.getvalue())


async def back_up(
    visitor: Visitor, safe: OpenSafe, *files: Chosen, counts: dict[str, int] | None = None, index: bool = True
) -> bytes:
    """Everything the app does, the archive with it. → snapshot id"""
    reading = await read_chosen(files, ReadOptions(), visitor.provider, Quiet(), index=index)
    content = content_of(reading)
    if counts is not None:
        content = type(content)(content.files, content.archive, content.source, counts)
    snapshot = visitor.provider.random_bytes(16)
    job = Backup(
        visitor.provider,
        visitor.site,
        visitor.owner(safe),
        content,
        snapshot=snapshot,
        created="2026-11-24T10:00:00Z",
    )
    rows = await visitor.site.snapshots(safe.safe)
    if rows:
        job.known.trust((await fetch_manifest(visitor.provider, visitor.site, visitor.owner(safe), rows[0])).chunks)
    await backup(job, rows[0].head if rows else None, Watcher())
    reading.close()
    return snapshot


async def rehearsed(visitor: Visitor, safe: OpenSafe, watcher: Watcher | None = None) -> Rehearsal:
    row = (await visitor.site.snapshots(safe.safe))[0]
    provider = visitor.provider
    return await verify(
        provider, provider, NativeInflater(), visitor.site, visitor.owner(safe), row, watcher or Watcher()
    )


_LEFT: list[OpenedSnapshot] = []


@pytest.fixture(autouse=True)
def closed_afterwards() -> Iterator[None]:
    """Whatever a test has opened."""
    yield
    while _LEFT:
        _LEFT.pop().close()


async def opened(visitor: Visitor, safe: OpenSafe) -> OpenedSnapshot:
    manifest, reader = await visitor.newest(safe)
    snapshot = OpenedSnapshot(visitor.provider, NativeInflater(), visitor.provider, manifest, reader)
    await snapshot.open(Watcher())
    _LEFT.append(snapshot)
    return snapshot


def fetched(visitor: Visitor, since: int) -> int:
    return sum(len(exchange.reply) for exchange in visitor.http.seen[since:])


# As sniffing knows an MP4, and nothing that any compression shrinks.
NOISE = bytes.fromhex("0000001866747970") + b"mp42" + bytes(12) + random.Random(9).randbytes(20_000_000)


def test_a_rehearsal_of_a_whole_backup_passes(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(2000, NOISE)))
    watcher = Watcher()
    found = run(rehearsed(visitor, safe, watcher))
    assert found.passed
    assert found.chunks == found.sampled > 3
    stages = [progress.stage for progress in watcher.seen]
    assert stages.index("fetching") < stages.index("checking") < stages.index("sampling")
    assert watcher.seen[-1] == Progress("sampling", found.sampled, found.sampled)


def test_a_rehearsal_notices_a_chunk_that_is_gone_or_other_than_it_was(visitor: Visitor, run: Run) -> None:
    from webapp.server.backups.models import Chunk

    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(100, NOISE)))
    biggest = Chunk.objects.order_by("-size").first()
    assert biggest is not None
    Chunk.objects.filter(pk=biggest.pk).update(sha256=bytes(32))
    found = run(rehearsed(visitor, safe))
    assert (found.passed, found.missing, found.changed) == (False, 0, 1) or found.missing == 1
    Chunk.objects.filter(pk=biggest.pk).delete()
    found = run(rehearsed(visitor, safe))
    assert (found.passed, found.missing) == (False, 1)


def test_a_rehearsal_notices_bytes_that_do_not_open(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(100, NOISE)))

    def only_large(body: bytes) -> bytes:
        return flip(body) if len(body) > 1_000_000 else body

    visitor.http.tamper = alter("chunks/read", only_large)
    found = run(rehearsed(visitor, safe))
    assert not found.passed
    assert isinstance(found.failure, ChunkDamaged)


def test_a_rehearsal_compares_the_counts(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(10), counts={"chats": 1, "messages": 12, "media": 0}))
    found = run(rehearsed(visitor, safe))
    assert [tuple(change) for change in found.mismatches] == [("messages", 12, 10)]
    assert not found.passed
    snapshot = run(opened(visitor, safe))
    assert [tuple(change) for change in snapshot.mismatches] == [("messages", 12, 10)]
    assert snapshot.archive.chats()[0].messages == 10, "nothing is hidden"


def test_a_rehearsal_can_be_stopped_and_says_nothing_then(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(100, NOISE)))
    with pytest.raises(Cancelled):
        run(rehearsed(visitor, safe, Watcher(cancel_after=2)))


def test_a_chat_is_shown_after_manifest_and_text_alone(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(2000, NOISE, NOISE[:9_000_000])))
    before = len(visitor.http.seen)
    snapshot = run(opened(visitor, safe))
    assert len(snapshot.archive.slice(1, 0, 60)) == 60
    text = snapshot.manifest.archive["text"]
    chunks = {piece.chunk for piece in text.pieces}
    needed = sum(snapshot.manifest.chunks[number].sealed_size for number in chunks)
    assert fetched(visitor, before) < needed + 20_000


@pytest.mark.parametrize("index", [True, False])
def test_a_backup_is_searched_whether_it_came_with_an_index_or_not(visitor: Visitor, run: Run, index: bool) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(20_000), index=index))
    snapshot = run(opened(visitor, safe))
    assert ("index" in snapshot.manifest.archive) is index
    watcher = Watcher()
    search = run(snapshot.search(watcher))
    assert search.find("line 1234 of").total == 1
    shares = [(progress.done, progress.total) for progress in watcher.seen if progress.stage == "indexing"]
    assert shares == ([] if index else [(8192, 20_000), (16_384, 20_000), (20_000, 20_000)])
    assert run(snapshot.search(Watcher())) is search


def test_an_index_that_was_not_made_to_its_end_is_made_anew(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(20_000), index=False))
    snapshot = run(opened(visitor, safe))
    with pytest.raises(Cancelled):
        run(snapshot.search(Watcher(cancel_after=1)))
    assert run(snapshot.search(Watcher())).find("line 19999").total == 1


@pytest.mark.parametrize("stored", [True, False])
def test_a_medium_is_handed_on_in_ranges(visitor: Visitor, run: Run, stored: bool) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(10, NOISE, NOISE[5:], stored=stored)))
    snapshot = run(opened(visitor, safe))
    before = len(visitor.http.seen)
    sink = Collected()
    assert run(snapshot.save_media(1, sink, Watcher())) == "video/mp4"
    assert sink.content == NOISE
    assert sink.closed
    assert fetched(visitor, before) < len(NOISE) * 1.15
    if stored:
        assert max(len(part) for part in sink.parts) <= 8 << 20, "no part is larger than a chunk"


def test_a_damaged_medium_ends_its_sink(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(10, NOISE)))
    snapshot = run(opened(visitor, safe))
    visitor.http.tamper = alter("chunks/read", flip)
    sink = Collected()
    with pytest.raises(ChunkDamaged):
        run(snapshot.save_media(1, sink, Watcher()))
    assert (sink.aborted, sink.closed) == (True, False)


def test_what_changed_is_told_from_two_manifests(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    run(back_up(visitor, safe, export(10)))
    run(back_up(visitor, safe, export(15, NOISE[:100_000])))
    rows = run(visitor.site.snapshots(safe.safe))
    now, before = (
        summary_of(run(fetch_manifest(visitor.provider, visitor.site, visitor.owner(safe), row))) for row in rows
    )
    assert changes(before, now) == Changes(messages=6, media=1, added=0, changed=1, removed=0)
    assert changes(now, now) == Changes(0, 0, 0, 0, 0)
    assert last_of_the_same(now, [None, before]) is before


def test_the_owner_trashes_undeletes_and_sets_a_rule(visitor: Visitor, run: Run) -> None:
    safe = run(visitor.make_safe())
    owner = visitor.owner(safe)
    made = [run(back_up(visitor, safe, export(10 + number))) for number in range(3)]
    newest, middle, _ = run(visitor.site.snapshots(safe.safe))
    with pytest.raises(SiteRefused) as caught:
        run(trash_snapshot(visitor.provider, visitor.site, owner, newest))
    assert caught.value.code == "newest_snapshot"
    gone = run(trash_snapshot(visitor.provider, visitor.site, owner, middle))
    assert run(visitor.site.snapshots(safe.safe))[1].purge_after == gone
    run(visitor.site.untrash_snapshot(safe.safe, middle.snapshot))
    rule = KeepRule(1, 0, 0, 0)
    assert run(visitor.site.preview_keep(safe.safe, rule)) == made[:2]
    assert run(set_keep(visitor.provider, visitor.site, owner, rule)) == 2
    assert run(visitor.site.safes())[0].keep == rule
    assert run(set_keep(visitor.provider, visitor.site, owner, None)) == 0
    assert run(visitor.site.safes())[0].keep is None


def test_a_rule_and_a_deletion_need_the_safes_own_key(visitor: Visitor, run: Run) -> None:
    safe, other = run(visitor.make_safe()), run(visitor.make_safe())
    for number in range(2):
        run(back_up(visitor, safe, export(10 + number)))
    false_owner = type(visitor.owner(safe))(visitor.owner(safe).account, safe.safe, other.key)
    row = run(visitor.site.snapshots(safe.safe))[1]
    for attempt in (
        trash_snapshot(visitor.provider, visitor.site, false_owner, row),
        set_keep(visitor.provider, visitor.site, false_owner, KeepRule(1, 0, 0, 0)),
    ):
        with pytest.raises(SiteRefused) as caught:
            run(attempt)
        assert caught.value.code == "proof_refused"
    assert all(row.trashed is None for row in run(visitor.site.snapshots(safe.safe)))


def test_a_reader_of_one_range_keeps_little(visitor: Visitor, run: Run) -> None:
    """What is in memory while a large medium is handed on: the kept chunks, whatever the medium's size."""
    from webapp.engine.restore import KEPT_BYTES

    safe = run(visitor.make_safe())
    run(visitor.back_up(safe, Chosen("film.mp4", NOISE * 4)))
    manifest, reader = run(visitor.newest(safe))
    largest = 0

    class Measuring(Collected):
        async def write(self, data: Any) -> None:
            nonlocal largest
            largest = max(largest, sum(len(kept) for kept in reader._kept.values()))

    run(reader.save_range(manifest.files[0], 0, manifest.files[0].size, Measuring(), Watcher()))
    assert 0 < largest <= KEPT_BYTES + (8 << 20)
    assert isinstance(reader, SnapshotReader)

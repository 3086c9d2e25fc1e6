"""What of a manifest is worth remembering, and what changed between two: pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .completeness import Totals, same_chats
from .format.manifest import Manifest, ManifestFile


@dataclass(frozen=True, slots=True)
class Summary:
    """One snapshot in a few bytes a file. sizes: path → bytes; prints: path → 32 bytes, equal for equal content."""

    source: str
    counts: Mapping[str, int]
    sizes: Mapping[str, int]
    prints: Mapping[str, bytes] = field(repr=False)

    @property
    def totals(self) -> Totals:
        return Totals.of(self.counts, sum(self.sizes.values()))


@dataclass(frozen=True, slots=True)
class Changes:
    """messages, media: how many more (or fewer) than before; files: how many were added, changed, removed."""

    messages: int
    media: int
    added: int
    changed: int
    removed: int


def summary_of(manifest: Manifest) -> Summary:
    """Keeps nothing of the chunk table."""
    return Summary(
        manifest.source,
        dict(manifest.counts),
        {file.path: file.size for file in manifest.files},
        {file.path: _print(manifest, file) for file in manifest.files},
    )


def _print(manifest: Manifest, file: ManifestFile) -> bytes:
    """Of the chunks and places a file is made of: they are named by their content under this safe's key."""
    digest = hashlib.sha256()
    for piece in file.pieces:
        digest.update(manifest.chunks[piece.chunk].identity)
        digest.update(piece.offset.to_bytes(8, "big") + piece.length.to_bytes(8, "big"))
    return digest.digest()


def changes(before: Summary, after: Summary) -> Changes:
    """From one snapshot to the next."""
    shared = before.prints.keys() & after.prints.keys()
    return Changes(
        messages=after.counts.get("messages", 0) - before.counts.get("messages", 0),
        media=after.counts.get("media", 0) - before.counts.get("media", 0),
        added=len(after.prints.keys() - shared),
        changed=sum(before.prints[path] != after.prints[path] for path in shared),
        removed=len(before.prints.keys() - shared),
    )


def last_of_the_same(of: Summary, earlier: Sequence[Summary | None]) -> Summary | None:
    """The first among earlier ones (newest first) that is a backup of the same chats."""
    for summary in earlier:
        if summary and same_chats(of.source, of.sizes, summary.source, summary.sizes):
            return summary
    return None

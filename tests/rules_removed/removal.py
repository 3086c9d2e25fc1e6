"""One way to take a rule out."""

from dataclasses import dataclass

type Edit = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Removal:
    """rule: its row in docs/vault-protocol.md; taken: what is different without it; edits: file, its text, the text
    instead; tests: each must fail then (a file: some test of it)."""

    rule: str
    taken: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]

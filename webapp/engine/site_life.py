"""The site's calls about a backup's later life (docs/api.md, "Later"): trash, keep-rules, rehearsals, reminders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from vault.wire.encoding import to_text


class KeepRule(NamedTuple):
    """Keep the `last` newest, and the newest of each of so many days, weeks and months: 0 to 1,000 each."""

    last: int
    daily: int
    weekly: int
    monthly: int

    def encoded(self) -> bytes:
        """Eight bytes, two each, big endian: what the owner signs the digest of."""
        return b"".join(number.to_bytes(2, "big") for number in self)


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed owner proof as it travels: nonce 32 bytes, signature 64 bytes."""

    nonce: bytes
    signature: bytes

    def to_json(self) -> dict[str, str]:
        return {"nonce": to_text(self.nonce), "signature": to_text(self.signature)}


class SiteLife:
    """Half of `SiteClient`. Times are ISO 8601 UTC."""

    async def trash_snapshot(self, safe: bytes, snapshot: bytes, proof: Proof | None) -> str:
        """Into the trash; → when it will be deleted."""
        body = {"proof": proof.to_json() if proof else None}
        return str((await self._json("POST", f"{_at(safe)}/snapshots/{snapshot.hex()}/trash", body))["purge_after"])

    async def untrash_snapshot(self, safe: bytes, snapshot: bytes) -> None:
        await self._json("POST", f"{_at(safe)}/snapshots/{snapshot.hex()}/untrash", {})

    async def preview_keep(self, safe: bytes, rule: KeepRule | None) -> list[bytes]:
        """The snapshots that the rule would put into the trash now."""
        reply = await self._json("POST", f"{_at(safe)}/keep/preview", {"rule": rule and rule._asdict()})
        return [bytes.fromhex(snapshot) for snapshot in reply["leaving"]]

    async def set_keep(self, safe: bytes, rule: KeepRule | None, proof: Proof) -> int:
        """→ how many snapshots went into the trash at once."""
        body = {"rule": rule and rule._asdict(), "proof": proof.to_json()}
        return int((await self._json("PUT", f"{_at(safe)}/keep", body))["trashed"])

    async def touch(self, safe: bytes) -> str | None:
        """The safe is in use; → when it expires."""
        expires = (await self._json("POST", f"{_at(safe)}/touch", {}))["expires"]
        return None if expires is None else str(expires)

    async def note_rehearsal(self, safe: bytes, found: Mapping[str, Any]) -> dict[str, Any]:
        """found: {snapshot, passed, chunks, missing, sampled, failure}; → the same with its date."""
        return dict(await self._json("POST", f"{_at(safe)}/rehearsals", found))

    async def answer_reminder(self, safe: bytes, kind: str, answer: str) -> str | None:
        """→ when it is due next, None for never."""
        due = (await self._json("POST", f"{_at(safe)}/reminders", {"kind": kind, "answer": answer}))["due"]
        return None if due is None else str(due)

    async def _json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, octets: bytes | None = None
    ) -> Any:
        raise NotImplementedError


def _at(safe: bytes) -> str:
    return f"safes/{safe.hex()}"

"""The engine's side of the site's API (docs/api.md): shapes in, shapes out, errors as types. It decides nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vault.wire.encoding import from_text, to_text
from vault.wire.owner_proof import Audience
from vault.wire.ticket import Purpose

from .bucket import AT_ONCE, fetch, in_turn, send
from .errors import ChunkDamaged, ManifestDamaged, SignedOut, SiteRefused
from .format.manifest import ChunkRow
from .ports import CryptoProvider, Data, Http, Response
from .site_life import KeepRule, Proof, SiteLife

API = "/api/v1/"
ID_BYTES = 32
LENGTH_BYTES = 4
BATCH_BYTES = 16 * 1024 * 1024
MAX_IDS = 16_384
OCTETS = {"content-type": "application/octet-stream"}


class SealedChunk(NamedTuple):
    """A chunk on its way up: id, ciphertext, and the ciphertext's SHA-256."""

    identity: bytes
    sealed: Data
    sha256: bytes


@dataclass(frozen=True, slots=True)
class SafeRow:
    """A safe as the site knows it: ids and digests as bytes, sizes in bytes, times as ISO 8601 UTC."""

    safe: bytes
    created: str
    key_check: bytes
    owner_public_key: bytes
    head: bytes | None
    snapshots: int
    size: int
    last_snapshot: str | None
    passkeys: int
    purge_after: str | None  # in the trash until then
    keep: KeepRule | None = None
    expires: str | None = None
    rehearsal: Mapping[str, Any] | None = None  # as `note_rehearsal` gives it
    reminders: Mapping[str, str | None] = field(default_factory=dict)  # kind → due or None


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as the site keeps it: id 16 bytes, credential 1 to 1,023, wrapped_key 60; times as ISO 8601 UTC."""

    passkey: bytes
    credential: bytes
    wrapped_key: bytes
    name: str
    created: str
    last_used: str | None


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A snapshot as the site knows it."""

    snapshot: bytes
    created: str
    head: bytes
    previous_head: bytes | None
    chunks: int
    size: int
    trashed: str | None = None
    purge_after: str | None = None


class SiteClient(SiteLife):
    """Every call raises SignedOut, NetworkDown, or SiteRefused with the site's own code and words."""

    audience: Audience = Audience.SITE

    def __init__(self, http: Http, provider: CryptoProvider) -> None:
        self._http = http
        self._provider = provider
        self._direct: bool | None = None

    async def me(self) -> dict[str, Any]:
        me = dict(await self._json("GET", "me"))
        self._direct = bool(me["direct"])
        return me

    async def is_direct(self) -> bool:
        """Do sealed chunks go to the operator's bucket, past the site?"""
        if self._direct is None:
            await self.me()
        return bool(self._direct)

    async def nonce(self) -> bytes:
        """A single-use nonce (32 bytes) for one owner proof towards the site."""
        return from_text((await self._json("POST", "nonces", {}))["nonce"], 32)

    async def ticket(self, safe: bytes, purpose: Purpose) -> str:
        """An account ticket for the vault, for one purpose, once, within a minute."""
        return str((await self._json("POST", "tickets", {"safe": safe.hex(), "purpose": purpose.value}))["ticket"])

    async def delete_safe(self, safe: bytes, proof: Proof) -> None:
        """At once and for good, as its owner."""
        await self._json("POST", f"safes/{safe.hex()}/delete", {"proof": proof.to_json()})

    async def trash_safe(self, safe: bytes) -> str:
        """Into the trash; → when it will be deleted (ISO 8601)."""
        return str((await self._json("POST", f"safes/{safe.hex()}/trash", {}))["purge_after"])

    async def untrash_safe(self, safe: bytes) -> None:
        """Out of the trash again."""
        await self._json("POST", f"safes/{safe.hex()}/untrash", {})

    async def create_safe(self, safe: bytes, owner_public_key: bytes, key_check: bytes, proof: Proof) -> None:
        body = {
            "safe": safe.hex(),
            "owner_public_key": to_text(owner_public_key),
            "key_check": to_text(key_check),
            "proof": proof.to_json(),
        }
        await self._json("POST", "safes", body)

    async def safes(self) -> list[SafeRow]:
        return [
            SafeRow(
                safe=bytes.fromhex(row["safe"]),
                created=row["created"],
                key_check=from_text(row["key_check"], 16),
                owner_public_key=from_text(row["owner_public_key"], 32),
                head=bytes.fromhex(row["head"]) if row["head"] else None,
                snapshots=int(row["snapshots"]),
                size=int(row["bytes"]),
                last_snapshot=row["last_snapshot"],
                passkeys=int(row["passkeys"]),
                purge_after=row["purge_after"],
                keep=KeepRule(**row["keep"]) if row["keep"] else None,
                expires=row["expires"],
                rehearsal=row["rehearsal"],
                reminders=row["reminders"],
            )
            for row in await self._json("GET", "safes")
        ]

    async def stored_digests(self, safe: bytes, identities: Sequence[bytes]) -> list[bytes | None]:
        """For each chunk id (any number) the SHA-256 of the ciphertext the site holds, or None where it lacks it."""
        digests: list[bytes | None] = []
        for start in range(0, len(identities), MAX_IDS):
            part = identities[start : start + MAX_IDS]
            reply = await self._octets("POST", f"safes/{safe.hex()}/chunks/lacking", b"".join(part))
            digests += [None if row == bytes(32) else row for row in self._rows(reply, len(part))]
        return digests

    async def put_chunks(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        """Sealed chunks of about one batch up → for each the SHA-256 of what the site now holds for its id.

        `chunks` is emptied on the way, so that nothing is kept twice while it travels.
        """
        if await self.is_direct():
            return await self._put_direct(safe, chunks)
        parts: list[Data] = []
        for identity, sealed, _ in chunks:
            parts += [identity + len(sealed).to_bytes(LENGTH_BYTES, "big"), sealed]
        count = len(chunks)
        chunks.clear()
        body = self._provider.join(parts)
        parts.clear()
        return self._rows(await self._octets("PUT", f"safes/{safe.hex()}/chunks", body), count)

    async def _put_direct(self, safe: bytes, chunks: list[SealedChunk]) -> list[bytes]:
        rows = b"".join(
            chunk.identity + chunk.sha256 + len(chunk.sealed).to_bytes(LENGTH_BYTES, "big") for chunk in chunks
        )
        path = f"safes/{safe.hex()}/chunks/"
        addresses = (await self._json("POST", path + "uploads", octets=rows))["uploads"]
        count = len(chunks)
        sendings = [
            send(self._http, address["url"], chunk.sealed, address["headers"])
            for address, chunk in zip(addresses, chunks, strict=True)
            if address is not None
        ]
        chunks.clear()
        await in_turn(sendings, AT_ONCE)
        return self._rows(await self._octets("POST", path + "arrived", rows), count)

    async def _read_direct(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        wanted = b"".join(identities[:AT_ONCE])
        rows = (await self._json("POST", f"safes/{safe.hex()}/chunks/downloads", octets=wanted))["downloads"]
        return await in_turn([fetch(self._http, row["url"], int(row["bytes"])) for row in rows], AT_ONCE)

    async def read_chunks(self, safe: bytes, identities: Sequence[bytes]) -> list[Data]:
        """The ciphertexts of the first of these ids: as many as one reply holds, at least one."""
        if await self.is_direct():
            return await self._read_direct(safe, identities)
        reply = await self._octets("POST", f"safes/{safe.hex()}/chunks/read", b"".join(identities[:MAX_IDS]))
        chunks: list[Data] = []
        position, size = 0, len(reply)
        while position < size:
            header = self._provider.load(self._provider.slice(reply, position, position + ID_BYTES + LENGTH_BYTES))
            position += ID_BYTES + LENGTH_BYTES
            end = position + int.from_bytes(header[ID_BYTES:], "big")
            expected = identities[len(chunks)] if len(chunks) < len(identities) else None
            if len(header) < ID_BYTES + LENGTH_BYTES or header[:ID_BYTES] != expected or end > size:
                raise ChunkDamaged
            chunks.append(self._provider.slice(reply, position, end))
            position = end
        if not chunks:
            raise ChunkDamaged
        return chunks

    async def commit(
        self, safe: bytes, snapshot: bytes, previous_head: bytes | None, manifest: Data, ids: bytes, proof: Proof
    ) -> None:
        """One atomic step. SiteRefused with code head_moved or chunks_missing says what is in the way."""
        head = {
            "snapshot": snapshot.hex(),
            "previous_head": previous_head.hex() if previous_head else None,
            "manifest_bytes": len(manifest),
            "proof": proof.to_json(),
        }
        text = json.dumps(head).encode()
        body = self._provider.join([len(text).to_bytes(LENGTH_BYTES, "big") + text, manifest, ids])
        await self._call("POST", f"safes/{safe.hex()}/snapshots", body, OCTETS)

    def expect(self, chunks: Sequence[ChunkRow]) -> None:
        """The site keeps one ciphertext an id; there is nothing to choose."""

    async def snapshots(self, safe: bytes) -> list[SnapshotRow]:
        """Newest first, with those in the trash."""
        return [
            SnapshotRow(
                snapshot=bytes.fromhex(row["snapshot"]),
                created=row["created"],
                head=bytes.fromhex(row["head"]),
                previous_head=bytes.fromhex(row["previous_head"]) if row["previous_head"] else None,
                chunks=int(row["chunks"]),
                size=int(row["bytes"]),
                trashed=row["trashed"],
                purge_after=row["purge_after"],
            )
            for row in await self._json("GET", f"safes/{safe.hex()}/snapshots")
        ]

    async def manifest(self, safe: bytes, snapshot: bytes) -> Data:
        response = await self._call("GET", f"safes/{safe.hex()}/snapshots/{snapshot.hex()}/manifest", None, {})
        if not len(response.body):
            raise ManifestDamaged
        return response.body

    async def passkeys(self, safe: bytes) -> list[PasskeyRow]:
        """Oldest first."""
        return [
            PasskeyRow(
                passkey=bytes.fromhex(row["passkey"]),
                credential=from_text(row["credential"]),
                wrapped_key=from_text(row["wrapped_key"], 60),
                name=row["name"],
                created=row["created"],
                last_used=row["last_used"],
            )
            for row in await self._json("GET", f"safes/{safe.hex()}/passkeys")
        ]

    async def add_passkey(
        self, safe: bytes, passkey: bytes, credential: bytes, wrapped_key: bytes, name: str, beside: str, proof: Proof
    ) -> None:
        body = {
            "passkey": passkey.hex(),
            "credential": to_text(credential),
            "wrapped_key": to_text(wrapped_key),
            "name": name,
            "beside": beside,
            "proof": proof.to_json(),
        }
        await self._json("POST", f"safes/{safe.hex()}/passkeys", body)

    async def note_passkey_use(self, safe: bytes, passkey: bytes) -> None:
        await self._json("POST", f"safes/{safe.hex()}/passkeys/{passkey.hex()}/used", {})

    async def remove_passkey(self, safe: bytes, passkey: bytes, beside: str, proof: Proof) -> None:
        body = {"beside": beside, "proof": proof.to_json()}
        await self._json("POST", f"safes/{safe.hex()}/passkeys/{passkey.hex()}/remove", body)

    def _rows(self, reply: Data, count: int) -> list[bytes]:
        value = self._provider.load(reply)
        if len(value) != 32 * count:
            raise SiteRefused("The site gave an incomplete answer.")
        return [value[at : at + 32] for at in range(0, len(value), 32)]

    async def _json(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, octets: bytes | None = None
    ) -> Any:
        content = octets if body is None else json.dumps(body).encode()
        headers = {} if content is None else OCTETS if body is None else {"content-type": "application/json"}
        response = await self._call(method, path, content, headers)
        return json.loads(self._provider.load(response.body))

    async def _octets(self, method: str, path: str, body: Data) -> Data:
        return (await self._call(method, path, body, OCTETS)).body

    async def _call(self, method: str, path: str, body: Data | None, headers: Mapping[str, str]) -> Response:
        response = await self._http.request(method, API + path, body=body, headers=headers)
        if response.status < 400:
            return response
        raise refusal(self._provider, response)


def refusal(provider: CryptoProvider, response: Response) -> SiteRefused | SignedOut:
    """An error reply of site or vault → the typed error with the server's code and words."""
    try:
        error = json.loads(provider.load(response.body))["error"]
        code, message, next_step = str(error["code"]), str(error["message"]), str(error["next"])
        data = dict(error.get("data") or {})
    except (ValueError, KeyError, TypeError):
        return SiteRefused(data={"status": response.status})
    if code == SignedOut.code:
        return SignedOut()
    return SiteRefused(message, code=code, next_step=next_step, data={**data, "status": response.status})

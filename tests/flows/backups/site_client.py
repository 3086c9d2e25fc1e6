"""A browser's half of the site API, driven against the real views, database and files."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import HttpResponse
from django.test import Client

from vault.wire.encoding import from_text, to_text
from vault.wire.owner_proof import Action, Audience, OwnerProof
from webapp.server.accounts.models import Account
from webapp.server.backups.head import snapshot_head

OCTETS = "application/octet-stream"


def frames(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """[id][length][ciphertext], one after another."""
    return b"".join(name + len(data).to_bytes(4, "big") + data for name, data in chunks)


def unframe(body: bytes) -> list[tuple[bytes, bytes]]:
    chunks = []
    while body:
        size = int.from_bytes(body[32:36], "big")
        assert len(body) >= 36 + size
        chunks.append((body[:32], body[36 : 36 + size]))
        body = body[36 + size :]
    return chunks


def code(response: HttpResponse) -> str:
    """The error's code, after checking the shape that every refusal has."""
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    error = json.loads(response.content)["error"]
    assert set(error) == {"code", "message", "next", "data"}
    assert error["message"]
    assert error["next"]
    return str(error["code"])


def data(response: HttpResponse) -> dict[str, Any]:
    return dict(json.loads(response.content)["error"]["data"])


def received(response: Any) -> bytes:
    """The body of a reply that is made while it is sent; exactly as long as announced."""
    body = b"".join(response.streaming_content)
    assert len(body) == int(response["Content-Length"])
    return body


@dataclass
class Browser:
    """One signed-in browser that holds a safe's key."""

    client: Client
    account: Account
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    safe: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key_check: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def path(self, rest: str) -> str:
        return f"/api/v1/safes/{self.safe.hex()}/{rest}"

    def post(self, path: str, value: Any) -> HttpResponse:
        return self.client.post(path, json.dumps(value), content_type="application/json")

    def octets(self, rest: str, body: bytes) -> Any:
        # Given twice, because Django's client forgets the type of an empty body.
        return self.client.post(self.path(rest), body, content_type=OCTETS, CONTENT_TYPE=OCTETS)

    def put(self, chunks: Iterable[tuple[bytes, bytes]]) -> Any:
        return self.client.put(self.path("chunks"), frames(chunks), content_type=OCTETS)

    def nonce(self) -> bytes:
        reply = self.post("/api/v1/nonces", {})
        assert reply.status_code == 200, reply.content
        return from_text(reply.json()["nonce"], 32)

    def proof(self, action: Action, content: bytes, nonce: bytes | None = None, **other: Any) -> dict[str, str]:
        nonce = self.nonce() if nonce is None else nonce
        fields: dict[str, Any] = {
            "audience": Audience.SITE,
            "account": bytes(self.account.public_id),
            "safe": self.safe,
        }
        statement = OwnerProof(action=action, content=content, nonce=nonce, **(fields | other))
        return {"nonce": to_text(nonce), "signature": to_text(self.key.sign(statement.message()))}

    def safe_request(self, **other: Any) -> dict[str, Any]:
        content = hashlib.sha256(self.public + self.key_check).digest()
        return {
            "safe": self.safe.hex(),
            "owner_public_key": to_text(self.public),
            "key_check": to_text(self.key_check),
            "proof": self.proof(Action.CREATE_SAFE, content),
        } | other

    def make_safe(self) -> "Browser":
        reply = self.post("/api/v1/safes", self.safe_request())
        assert reply.status_code == 201, reply.content
        return self

    def commit_body(
        self,
        ids: Iterable[bytes],
        *,
        previous: bytes | None = None,
        manifest: bytes = b"sealed manifest",
        snapshot: bytes | None = None,
        proof: dict[str, str] | None = None,
        **other: Any,
    ) -> tuple[bytes, bytes]:
        """→ (body, head)"""
        snapshot = secrets.token_bytes(16) if snapshot is None else snapshot
        listed = b"".join(ids)
        head = snapshot_head(snapshot, hashlib.sha256(manifest).digest(), hashlib.sha256(listed).digest(), previous)
        text = json.dumps(
            {
                "snapshot": snapshot.hex(),
                "previous_head": previous.hex() if previous else None,
                "manifest_bytes": len(manifest),
                "proof": proof or self.proof(Action.COMMIT_SNAPSHOT, head),
            }
            | other
        ).encode()
        return len(text).to_bytes(4, "big") + text + manifest + listed, head

    def commit(self, ids: Iterable[bytes], **other: Any) -> tuple[Any, bytes]:
        body, head = self.commit_body(ids, **other)
        return self.octets("snapshots", body), head


def chunk(size: int = 100) -> tuple[bytes, bytes]:
    return secrets.token_bytes(32), secrets.token_bytes(size)


def stored_files(store: Path) -> list[str]:
    """Every file in the store, temporary ones included."""
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def sign_in(email: str) -> Browser:
    account, _ = Account.objects.get_or_create(email=email)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Browser(client, account)


class BrokenConnection:
    """A body of which only the first bytes arrive; then the connection ends, quietly or with an error."""

    def __init__(self, arrived: bytes, error: Exception | None) -> None:
        self._arrived = arrived
        self._error = error

    def read(self, size: int = -1) -> bytes:
        piece, self._arrived = self._arrived[:size], self._arrived[size:]
        if not piece and self._error:
            raise self._error
        return piece

    readline = read

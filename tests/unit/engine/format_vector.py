"""Coffer's format in vectors: keys, sealed streams, chunks, a manifest, a head, an owner proof, from fixed randomness.

No test framework is imported here, so that the same file plays in the browser over its own provider. Run as a module to
write `tests/vectors/format.json` anew (only when the format's version changes).
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from vault.wire.owner_proof import Action, Audience
from webapp.engine.crypto import seal as sealing
from webapp.engine.crypto.keys import BackupKey
from webapp.engine.crypto.secret import Secret
from webapp.engine.format import passkey
from webapp.engine.format.chunk import ASSOCIATED_DATA, chunk_id, open_chunk, seal_chunk
from webapp.engine.format.head import head_of, id_list
from webapp.engine.format.manifest import ChunkRow, Manifest, ManifestFile, Member, encode, open_manifest, seal_manifest
from webapp.engine.format.pieces import Piece
from webapp.engine.owner import owner_public_key, sign_as_owner
from webapp.engine.ports import CryptoProvider, Data

PATH = Path(__file__).parents[2] / "vectors" / "format.json"
ACCOUNT, SAFE, SNAPSHOT = (bytes([number]) * 16 for number in (1, 2, 3))
# Around the ends of the first and the second segment.
SIZES = (
    0,
    1,
    1000,
    sealing.FIRST_PLAINTEXT,
    sealing.FIRST_PLAINTEXT + 1,
    sealing.FIRST_PLAINTEXT + sealing.NEXT_PLAINTEXT + 7,
)
STREAM_KEY = bytes(range(32))
TEXT = "The boat leaves at eight. كيف الحال؟ 元気です 🙂\n".encode() * 40
Carry = Callable[[bytes], Data]


def drawn(label: str, length: int) -> bytes:
    """SHAKE-256 of a label: no value is anyone's choice."""
    return hashlib.shake_256(f"coffer/v1 format vector {label}".encode()).digest(length)


def fixed[Provider: CryptoProvider](provider: Provider, label: str) -> Provider:
    """The provider, drawing SHAKE-256 of the label and a counter instead of randomness."""
    counter = iter(range(1000))
    provider.random_bytes = lambda length: drawn(f"{label} {next(counter)}", length)  # type: ignore[method-assign]
    return provider


def backup_key() -> BackupKey:
    return BackupKey(Secret(drawn("K", 32)))


def manifest_of(rows: tuple[ChunkRow, ...]) -> Manifest:
    piece = Piece(0, 0, rows[0].content_size)
    export = ManifestFile(
        "Ausflug ⛵.zip", piece.length, 1_762_247_520.0, (piece,), (Member("_chat.txt", 8, 40, 30, 99, 7),)
    )
    text = ManifestFile("text.sqlite3", rows[1].content_size, None, (Piece(1, 0, rows[1].content_size),))
    return Manifest(
        snapshot=SNAPSHOT,
        safe=SAFE,
        created="2026-11-04T09:12:00Z",
        previous_head=drawn("previous head", 32),
        source="whatsapp_text",
        counts={"chats": 1, "messages": 6, "media": 2},
        files=(export,),
        archive={"text": text},
        chunks=rows,
    )


def _short(value: bytes) -> str:
    """Hex, or for what is long its SHA-256."""
    return value.hex() if len(value) <= 4096 else f"sha256:{hashlib.sha256(value).hexdigest()}"


async def play(new_provider: Callable[[], CryptoProvider], carry: Carry) -> dict[str, str]:
    """Everything that fixed randomness decides to the last byte. carry: bytes → Data as the provider moves them."""
    values: dict[str, str] = {}
    key = backup_key()
    for name in ("chunk_name", "chunk_seal", "manifest_seal", "owner_seed"):
        values[f"key {name}"] = getattr(key, name).expose().hex()
    values["key check"] = key.key_check.hex()
    values["owner public key"] = owner_public_key(new_provider(), key).hex()

    for size in SIZES:
        provider = fixed(new_provider(), f"stream {size}")
        plaintext = carry(drawn(f"plaintext {size}", size))
        sealed = await sealing.seal(provider, Secret(STREAM_KEY), b"associated data", plaintext)
        values[f"stream of {size} bytes"] = _short(provider.load(sealed))

    provider = fixed(new_provider(), "chunk")
    content = carry(drawn("chunk", 5000))
    identity = await chunk_id(provider, key, content)
    values["chunk id"] = identity.hex()
    values["chunk, stored"] = _short(provider.load(await seal_chunk(provider, key, identity, content, compress=False)))

    manifest = manifest_of(_rows(identity))
    values["manifest, encoded"] = encode(manifest).hex()
    ids = id_list(row.identity for row in manifest.chunks)
    values["id list"] = ids.hex()
    values["head"] = head_of(SNAPSHOT, drawn("manifest digest", 32), ids, manifest.previous_head).hex()
    values["first head"] = head_of(SNAPSHOT, drawn("manifest digest", 32), ids, None).hex()
    proof = sign_as_owner(
        provider,
        key,
        audience=Audience.SITE,
        action=Action.COMMIT_SNAPSHOT,
        account=ACCOUNT,
        safe=SAFE,
        content=drawn("head", 32),
        nonce=drawn("nonce", 32),
    )
    values["owner proof"] = proof.signature.hex()

    provider = fixed(new_provider(), "passkey")
    credential = drawn("credential", 40)
    prf = Secret(drawn("prf", 32))
    wrapped = await passkey.wrap(provider, prf, key, account=ACCOUNT, safe=SAFE, credential=credential)
    values["passkey, wrapped key"] = wrapped.hex()
    values["passkey, added"] = passkey.added(drawn("passkey", 16), credential, wrapped, "Fenêtre ⛵", "digits").hex()
    values["passkey, removed"] = passkey.removed(drawn("passkey", 16), "vault").hex()
    return values


def _rows(identity: bytes) -> tuple[ChunkRow, ...]:
    return (
        ChunkRow(identity, 5000, 5239, drawn("first digest", 32)),
        ChunkRow(drawn("second id", 32), len(TEXT), 400, drawn("second digest", 32)),
    )


async def compressed(new_provider: Callable[[], CryptoProvider], carry: Carry) -> dict[str, str]:
    """Sealings of compressed content. Another release of zstd may compress to other bytes, so these are pinned to be
    opened, not to be made again."""
    key = backup_key()
    provider = fixed(new_provider(), "compressed")
    identity = await chunk_id(provider, key, carry(TEXT))
    chunk = await seal_chunk(provider, key, identity, carry(TEXT), compress=True)
    manifest = await seal_manifest(provider, key, manifest_of(_rows(identity)))
    return {"chunk": provider.load(chunk).hex(), "manifest": provider.load(manifest).hex()}


async def open_compressed(provider: CryptoProvider, carry: Carry, sealed: dict[str, str]) -> None:
    """Raises when the pinned sealings do not open to what they were made of."""
    key = backup_key()
    identity = await chunk_id(provider, key, carry(TEXT))
    chunk = carry(bytes.fromhex(sealed["chunk"]))
    content = await open_chunk(provider, key, identity, chunk, content_size=len(TEXT))
    if provider.load(content) != TEXT:
        raise AssertionError("the chunk opened to something else")
    manifest = await open_manifest(provider, key, SAFE, SNAPSHOT, carry(bytes.fromhex(sealed["manifest"])))
    if manifest != manifest_of(_rows(identity)):
        raise AssertionError("the manifest opened to something else")


def associated_data(identity: bytes) -> bytes:
    """What a chunk's stream is bound to."""
    return ASSOCIATED_DATA + identity


if __name__ == "__main__":
    from webapp.cli.crypto import NativeCrypto

    document = {
        "values": asyncio.run(play(NativeCrypto, bytes)),
        "compressed": asyncio.run(compressed(NativeCrypto, bytes)),
    }
    PATH.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")

"""What the engine needs from the world around it. Each port has one native and one browser implementation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable


class Data(Protocol):
    """Bytes that the engine passes along without looking: `bytes` natively, a JavaScript `Uint8Array` in the browser
    (so that media never enter the wasm heap)."""

    def __len__(self) -> int: ...


class Segment(NamedTuple):
    """One AES-GCM message of a batch: a 12-byte nonce and the half-open byte range it covers in the source."""

    nonce: bytes
    start: int
    end: int


class CryptoProvider(Protocol):
    """Primitives, from a library. Nothing here knows a format."""

    def random_bytes(self, length: int) -> bytes: ...

    def load(self, data: Data) -> bytes:
        """Data → Python bytes (copies into the heap: for text, databases and small values only)."""
        ...

    def join(self, parts: Sequence[Data], padding: int = 0) -> Data:
        """The parts one after another, then `padding` zero bytes."""
        ...

    def slice(self, data: Data, start: int, end: int) -> Data: ...

    async def sha256(self, data: Data) -> bytes: ...

    async def hmac_sha256(self, key: bytes, data: Data) -> bytes: ...

    async def seal_segments(self, key: bytes, segments: Sequence[Segment], source: Data, header: bytes) -> Data:
        """header ‖ AES-256-GCM of every segment, each followed by its 16-byte tag; no associated data."""
        ...

    async def open_segments(self, key: bytes, segments: Sequence[Segment], source: Data) -> Data:
        """The plaintexts of the segments (each range ends with its tag), joined. Raises SealBroken at a wrong tag."""
        ...

    async def aes_gcm_seal(self, key: bytes, nonce: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
        """AES-256-GCM of one small message (a wrapped key): ciphertext ‖ 16-byte tag."""
        ...

    async def aes_gcm_open(self, key: bytes, nonce: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Raises SealBroken at a wrong tag."""
        ...

    def ed25519_public(self, seed: bytes) -> bytes: ...

    def ed25519_sign(self, seed: bytes, message: bytes) -> bytes: ...

    def ed25519_verify(self, public: bytes, message: bytes, signature: bytes) -> None:
        """Raises SignatureInvalid."""
        ...


class BackupCipher(Protocol):
    """Primitives that other programs seal their backups with: for reading those, never for what Coffer itself seals."""

    async def aes_ctr(self, key: bytes, counter: bytes, data: Data) -> Data:
        """AES-256-CTR of one message, which both seals and opens it. counter: the first block, 16 bytes, counted up as
        one big-endian number."""
        ...

    async def aes_ctr_streams(self, key: bytes, counters: Sequence[bytes], length: int) -> bytes:
        """The first `length` bytes of the key stream of each counter block, one after another: one crossing for many
        short messages."""
        ...

    async def aes_cbc_open(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """AES-256-CBC with PKCS#7 padding of one small message, whose MAC the caller verified. Raises SealBroken."""
        ...

    limit_unpacked: int
    """Bytes of the largest plaintext that can be held."""

    async def open_gcm(
        self, key: bytes, nonce: bytes, source: "Source", start: int, end: int, report: "Reporter", *, unpack: bool
    ) -> "Held":
        """AES-256-GCM of one message, however large: the plaintext of [start, end) of the source, which ends with its
        16-byte tag; unpacked with zlib (RFC 1950) if so wished. nonce: 16 bytes. It is read in pieces, with
        Progress("opening", bytes done, bytes in all), and nothing is handed out before the tag verified.

        Raises SealBroken; ValueError where the tag verifies and what is unpacked is damaged, cut off, or has anything
        behind its end; OverflowError where more than `limit_unpacked` bytes come out; SourceChanged, Cancelled.
        """
        ...

    async def open_unverified(
        self, key: bytes, counter: bytes, source: "Source", start: int, end: int, report: "Reporter"
    ) -> "Held":
        """The same range as AES-GCM would open it (the last 4 bytes of `counter` count up), with no regard to its tag:
        only to tell what is wrong with a file, and for salvage that the person asked for."""
        ...

    def hold(self, pieces: Iterable[bytes]) -> "Held":
        """Bytes made by Python, moved out of the heap. Raises OverflowError beyond `limit_unpacked`."""
        ...


class Inflater(Protocol):
    """Raw deflate (RFC 1951), as zips use it, without entering the heap where that can be avoided."""

    async def inflate(self, data: Data, size: int) -> Data:
        """The `size` bytes that `data` unpacks to. Raises ChunkDamaged for anything else, shorter or longer."""
        ...


class Source(Protocol):
    """A file the person chose, read at random, synchronously (natively a file, in the worker FileReaderSync)."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def modified(self) -> float | None:
        """Unix seconds, or None where unknown."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset` into the heap, fewer only at the end. Raises SourceChanged."""
        ...

    async def data(self, offset: int, length: int) -> Data:
        """The same range without entering the heap."""
        ...


class Held(Source, Protocol):
    """Bytes that were made here and are kept outside the heap until `release`."""

    def release(self) -> None: ...


@runtime_checkable
class OpenableBySqlite(Protocol):
    """A source that SQLite can open where it lies, without a copy in the heap."""

    def path(self) -> str:
        """A path for SQLite to open, read only. Raises SourceChanged."""
        ...


@dataclass(frozen=True, slots=True)
class Response:
    """A reply with any status; headers have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: Data


class Http(Protocol):
    """Requests to the site's own origin, and to its bucket. Raises NetworkDown when no reply arrives.

    A body is given away with the request, and with it what it was joined from: in a browser a large one's memory is
    used again at once, and is empty to whoever looks at it afterwards.
    """

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Data | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response: ...

    async def external(
        self,
        method: str,
        url: str,
        *,
        body: Data | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A request to the operator's bucket at an address the site signed: nothing of the session goes along."""
        ...


class Sink(Protocol):
    """Where a restored file goes, written front to back."""

    async def write(self, data: Data) -> None:
        """Raises DiskFull."""
        ...

    async def close(self) -> None: ...

    async def abort(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a long job: what is happening, bytes done and in all (None: unknown)."""

    stage: str
    done: int = 0
    total: int | None = None
    details: Mapping[str, int] = field(default_factory=dict)


class Reporter(Protocol):
    """Receives progress; `check()` raises Cancelled once the person has cancelled."""

    def __call__(self, progress: Progress) -> None: ...

    def check(self) -> None: ...

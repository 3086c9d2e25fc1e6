"""The store in an S3-compatible service: one object a name, never written twice with other bytes.

Browsers may also send and fetch sealed chunks there themselves, with addresses signed for one object each, so that the
site moves no bulk bytes. The service checks length and SHA-256 of what arrives, and `If-None-Match` keeps an object
from being written over.
"""

import base64
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from ..bucket import AT_ONCE, S3Place, SignedRequest
from .local import LocalStaging
from .port import ObjectMissing, StoredObject, StoreFull

LIVE_SECONDS = 900
"""How long a signed address is good for: a batch on a slow line."""

PAGE_OBJECTS = 1000
_GONE = {"NoSuchKey", "404", "NotFound"}
_NO_ROOM = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"}


def _client(place: S3Place, address: str) -> Any:
    """A client of the service at `address`; safe to share between threads."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=place.access_key,
        aws_secret_access_key=place.secret_key,
        region_name=place.region,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Our own checksums say more: they are the digests that the names carry.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 4},
            max_pool_connections=2 * AT_ONCE,
        ),
    )


class S3Staging(LocalStaging):
    """Bytes wait in a local folder until they are whole; then each becomes one object."""

    def __init__(self, root: Path, store: "S3Store") -> None:
        super().__init__(root)
        self._store = store

    def publish(self, names: dict[int, str]) -> None:
        """See Staging.publish. All objects are there on return; a failure leaves some, which have no row and do no
        harm."""

        def put(entry: tuple[int, str]) -> None:
            with open(self._path(entry[0]), "rb") as file:
                self._store.put(entry[1], file)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(put, names.items()):
                pass


class S3Store:
    """Objects in one bucket. `spool` is a local folder for what is on its way in."""

    def __init__(self, place: S3Place, spool: Path) -> None:
        self.place = place
        self._spool = spool
        self._s3: Any = _client(place, place.endpoint)
        self._signer: Any = _client(place, place.public or place.endpoint)

    def answers(self) -> bool:
        """Whether the bucket is there and ours, asked once."""
        try:
            self._s3.head_bucket(Bucket=self.place.bucket)
        except (ClientError, BotoCoreError):
            return False
        return True

    def stage(self) -> S3Staging:
        """A fresh staging; use it in a `with` block."""
        return S3Staging(self._spool, self)

    def put(self, name: str, file: BinaryIO) -> None:
        """One object from a file. Raises StoreFull."""
        try:
            self._s3.put_object(Bucket=self.place.bucket, Key=name, Body=file)
        except ClientError as error:
            if _code(error) in _NO_ROOM:
                raise StoreFull from error
            raise

    def open(self, name: str) -> BinaryIO:
        """See Store.open."""
        try:
            return _Body(self._s3.get_object(Bucket=self.place.bucket, Key=name)["Body"])
        except ClientError as error:
            raise _missing(error, name) from error

    def size(self, name: str) -> int:
        """See Store.size."""
        try:
            return int(self._s3.head_object(Bucket=self.place.bucket, Key=name)["ContentLength"])
        except ClientError as error:
            raise _missing(error, name) from error

    def delete(self, name: str) -> None:
        """See Store.delete."""
        self._s3.delete_object(Bucket=self.place.bucket, Key=name)

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """See Store.objects."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.place.bucket, Prefix=prefix, PaginationConfig={"PageSize": PAGE_OBJECTS}
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield StoredObject(entry["Key"], entry["Size"], entry["LastModified"])

    def make_bucket(self, site_origin: str) -> None:
        """The bucket, once, and the rule that lets the site's own pages (and no others) send and fetch."""
        try:
            self._s3.head_bucket(Bucket=self.place.bucket)
        except ClientError as error:
            if _code(error) not in _GONE | {"NoSuchBucket"}:
                raise
            self._s3.create_bucket(Bucket=self.place.bucket)
        rule = {
            "AllowedOrigins": [site_origin],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedHeaders": ["content-type", "if-none-match", "x-amz-checksum-sha256"],
            "MaxAgeSeconds": 3600,
        }
        self._s3.put_bucket_cors(Bucket=self.place.bucket, CORSConfiguration={"CORSRules": [rule]})

    def signed_put(self, name: str, sha256: bytes, size: int) -> SignedRequest:
        """The request that stores exactly these bytes: the service refuses any other length or SHA-256."""
        digest = base64.b64encode(sha256).decode()
        url = self._signer.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self.place.bucket,
                "Key": name,
                "ContentLength": size,
                "ContentType": "application/octet-stream",
                "ChecksumSHA256": digest,
                "IfNoneMatch": "*",
            },
            ExpiresIn=LIVE_SECONDS,
        )
        headers = {
            "content-type": "application/octet-stream",
            "if-none-match": "*",
            "x-amz-checksum-sha256": digest,
        }
        return SignedRequest(url, headers)

    def signed_get(self, name: str) -> SignedRequest:
        """The request that fetches one object."""
        url = self._signer.generate_presigned_url(
            "get_object", Params={"Bucket": self.place.bucket, "Key": name}, ExpiresIn=LIVE_SECONDS
        )
        return SignedRequest(url, {})


class _Body(io.RawIOBase):
    """A reply's body as a file: botocore's own lacks what `with` and io expect."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:  # type: ignore[override]
        return bytes(self._stream.read(None if size < 0 else size))

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _missing(error: ClientError, name: str) -> Exception:
    return ObjectMissing(name) if _code(error) in _GONE else error

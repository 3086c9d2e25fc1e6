"""Where a bucket is, as the operator's address says it, and what a browser sends there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

AT_ONCE = 8
"""Requests of one piece of work that are under way together."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where the objects are. endpoint: for the site; public: as browsers reach the same service."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    public: str | None = None

    @property
    def origin(self) -> str:
        """scheme://host:port of the address that browsers use."""
        parts = urlsplit(self.public or self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a browser sends to the service: an address with these headers, within LIVE_SECONDS."""

    url: str
    headers: Mapping[str, str]

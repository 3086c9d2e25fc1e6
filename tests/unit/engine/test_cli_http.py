"""Addresses that the site names: HTTPS where the site is, and no header beside those of a bucket."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from webapp.cli.http import SiteHttp
from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import NetworkDown
from webapp.engine.ports import Response


class Recorded(SiteHttp):
    """Sends nothing."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin, Secret(b"token"))
        self.sent: list[tuple[str, Mapping[str, str]]] = []

    def _send(self, method: str, url: str, body: Any, headers: dict[str, str]) -> Response | None:
        self.sent.append((url, headers))
        return Response(200, {}, b"")


def ask(http: SiteHttp, url: str, **headers: str) -> None:
    asyncio.run(http.external("PUT", url, body=b"", headers=headers))


def test_a_public_site_cannot_name_a_plain_address() -> None:
    http = Recorded("https://coffer.example")
    for url in ("http://169.254.169.254/latest", "http://localhost:8500/v1/kv/x", "HTTP://10.0.0.1/", "file:///etc"):
        with pytest.raises(NetworkDown):
            ask(http, url)
    assert http.sent == []
    ask(http, "https://s3.example/bucket/x")
    ask(Recorded("http://localhost:8000"), "http://localhost:9000/bucket/x")


def test_only_a_buckets_headers_go_along() -> None:
    http = Recorded("https://coffer.example")
    headers = {"if-none-match": "*", "X-Aws-Token": "x", "authorization": "x", "Content-Type": "a/b"}
    ask(http, "https://s3.example/bucket/x", **headers)
    assert [sorted(sent) for _, sent in http.sent] == [["Content-Type", "if-none-match"]]

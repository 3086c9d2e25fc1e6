"""The engine's requests over a few kept-open connections, with patience: what is lost is sent again after a while.

Every request to the site may be repeated (docs/api.md), so all of them are. To the vault only what reads is: its client
knows by itself what may be sent twice.
"""

import asyncio
import random
from collections.abc import Callable, Mapping

import urllib3

from webapp.engine.crypto.secret import Secret
from webapp.engine.errors import NetworkDown
from webapp.engine.ports import Data, Response

CONNECTIONS = 8
CONNECT_SECONDS, READ_SECONDS = 15.0, 180.0
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each further try: two minutes in all."""
BUSY = {429, 502, 503, 504}
LONGEST_WAIT = 120.0
BUCKET_HEADERS = frozenset({"content-type", "if-none-match", "x-amz-checksum-sha256"})
Waiting = Callable[[float], None]


class SiteHttp:
    """`Http` for one site and one app token. waiting: told before each pause, in seconds."""

    def __init__(self, origin: str, token: Secret, *, waiting: Waiting = lambda _: None) -> None:
        self._origin = origin
        self._token = token
        self._waiting = waiting
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def close(self) -> None:
        self._pool.clear()

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        given = dict(headers or {})
        repeatable = method == "GET" or path.startswith("/api/v1/")
        if path.startswith("/api/v1/"):
            given["authorization"] = f"Bearer {self._token.expose().decode()}"
        return await self._patiently(method, self._origin + path, body, given, repeatable)

    async def external(
        self, method: str, url: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        # The site names these addresses and is not trusted: it shall not have this machine speak to its own network.
        if self._origin.startswith("https://") and not url.startswith("https://"):
            raise NetworkDown
        given = {name: value for name, value in (headers or {}).items() if name.lower() in BUCKET_HEADERS}
        return await self._patiently(method, url, body, given, repeatable=True)

    async def _patiently(
        self, method: str, url: str, body: Data | None, headers: dict[str, str], repeatable: bool
    ) -> Response:
        for wait in (*WAITS, None):
            response = await asyncio.to_thread(self._send, method, url, body, headers)
            if response is not None and response.status not in BUSY:
                return response
            if wait is None or not repeatable:
                break
            pause = wait * random.uniform(0.75, 1.25)  # noqa: S311 - so that many do not come back together
            if response is not None:
                pause = max(pause, _retry_after(response))
                if pause > LONGEST_WAIT:
                    break
            self._waiting(pause)
            await asyncio.sleep(pause)
        if response is None:
            raise NetworkDown
        return response

    def _send(self, method: str, url: str, body: Data | None, headers: dict[str, str]) -> Response | None:
        """The reply, or None where none came."""
        try:
            reply = self._pool.request(
                method,
                url,
                body=body,  # type: ignore[arg-type]
                headers=headers,
                redirect=False,
                preload_content=True,
            )
        except urllib3.exceptions.HTTPError:
            return None
        return Response(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.data)


def _retry_after(response: Response) -> float:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else 0.0

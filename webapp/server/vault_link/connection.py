"""One HTTP connection a thread to the vault: kept between requests, with time limits, and believed in nothing.

A request is sent once. When its answer does not come nobody can tell whether the vault acted on it; the browser can
repeat a login under the same request id, which the vault charges once.
"""

import http.client
import select
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECT_SECONDS = 3.0
REPLY_SECONDS = 20.0
# Below the time after which servers close a quiet connection.
IDLE_SECONDS = 4.0


class VaultUnreachable(Exception):
    """There is no answer, or none that a vault gives. The message is for the log and holds nothing of the request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vault said. headers: by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class VaultConnection:
    """address: https://host:port or http://host:port; ca: a file with the authority that signed the vault's
    certificate, or None for those that the system trusts."""

    def __init__(self, address: str, ca: str | None = None) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port
        self._tls = ssl.create_default_context(cafile=ca) if parts.scheme == "https" else None
        self._kept = threading.local()

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str], reply_bytes: int) -> Answer:
        """Raises VaultUnreachable, also for a reply of more than `reply_bytes`."""
        try:
            connection = self._open()
            connection.request(method, path, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            content = response.read(reply_bytes + 1)
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            raise VaultUnreachable(type(error).__name__) from error
        if len(content) > reply_bytes or response.will_close:
            self._drop()
        else:
            self._kept.since = time.monotonic()
        if len(content) > reply_bytes:
            raise VaultUnreachable("the reply is too long")
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _open(self) -> http.client.HTTPConnection:
        kept = getattr(self._kept, "connection", None)
        if kept is not None and self._alive(kept):
            return kept
        self._drop()
        if self._tls is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        else:
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=CONNECT_SECONDS, context=self._tls)
        connection.connect()
        connection.sock.settimeout(REPLY_SECONDS)
        self._kept.connection, self._kept.since = connection, time.monotonic()
        return connection

    def _alive(self, connection: http.client.HTTPConnection) -> bool:
        """Whether nothing has come on it since the last answer: what comes unasked is the end of it."""
        if connection.sock is None or time.monotonic() - self._kept.since > IDLE_SECONDS:
            return False
        readable, _, _ = select.select([connection.sock], [], [], 0)
        return not readable

    def _drop(self) -> None:
        connection = getattr(self._kept, "connection", None)
        if connection is not None:
            connection.close()
            self._kept.connection = None

"""A relay between browsers and the product. It notes every byte that the product receives, and it can be cut or slow.

It is a real connection that really breaks: nothing in the browser or in the product knows of it.
"""

import re
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

PIECE = 64 * 1024
# Closing with this option sends a reset, as a network that goes away does.
RESET = struct.pack("ii", 1, 0)


@dataclass
class Sent:
    """One request as it arrived: its head (request line and headers) and its body."""

    head: bytes
    body: bytearray = field(default_factory=bytearray)

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def length(self) -> int:
        found = re.search(rb"(?im)^content-length: *(\d+)", self.head)
        return int(found.group(1)) if found else 0

    @property
    def is_upload(self) -> bool:
        return self.line.startswith("PUT ")


class _Requests:
    """Cuts one connection's stream into requests."""

    def __init__(self, wire: "Wire") -> None:
        self._wire = wire
        self._head = b""
        self._current: Sent | None = None

    def feed(self, data: bytes) -> None:
        while data:
            if self._current is None:
                self._head += data
                head, end, data = self._head.partition(b"\r\n\r\n")
                if not end:
                    return
                self._head = b""
                self._current = Sent(head)
                self._wire.requests.append(self._current)
            wanted = self._current.length - len(self._current.body)
            piece, data = data[:wanted], data[wanted:]
            self._current.body += piece
            if self._current.is_upload:
                self._wire.uploaded += len(piece)
            if len(self._current.body) == self._current.length:
                self._current = None


class Wire:
    """requests: every request so far, in order of arrival; uploaded: bytes of PUT bodies so far; rate: bytes a second
    towards the product, or None."""

    def __init__(self, product_port: int) -> None:
        self._product_port = product_port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._limit: int | None = None
        self.requests: list[Sent] = []
        self.uploaded = 0
        self.rate: float | None = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """Breaks every connection and takes no new one until `mend`."""
        with self._lock:
            self._is_cut = True
            self._limit = None
            connections, self._open = self._open, set()
        for connection in connections:
            # It may have ended by itself meanwhile.
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                # Wakes the thread that waits in recv; the thread then closes.
                connection.shutdown(socket.SHUT_RDWR)

    def cut_after(self, uploaded: int) -> None:
        """Cuts once that many more bytes of PUT bodies have passed."""
        self._limit = self.uploaded + uploaded

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                browser.close()
                continue
            try:
                product = socket.create_connection(("127.0.0.1", self._product_port))
            except OSError:
                browser.close()
                continue
            with self._lock:
                self._open |= {browser, product}
            threading.Thread(target=self._upward, args=(browser, product), daemon=True).start()
            threading.Thread(target=self._downward, args=(product, browser), daemon=True).start()

    def _upward(self, browser: socket.socket, product: socket.socket) -> None:
        requests = _Requests(self)
        while data := _received(browser):
            requests.feed(data)
            if self._limit is not None and self.uploaded >= self._limit:
                self.cut()
                break
            if self.rate and len(data) > 1024:
                time.sleep(len(data) / self.rate)
            if not _sent(product, data):
                break
        self._end(browser, product)

    def _downward(self, product: socket.socket, browser: socket.socket) -> None:
        while data := _received(product):
            if not _sent(browser, data):
                break
        self._end(product, browser)

    def _end(self, *connections: socket.socket) -> None:
        with self._lock:
            self._open -= set(connections)
        for connection in connections:
            # The other thread may wait in recv for more of it: closing alone would keep the line open until that ends.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(PIECE)
    except OSError:
        return b""


def _sent(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True

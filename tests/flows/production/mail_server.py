"""A mail server that keeps what it is given: enough of RFC 5321 for one client."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy


@dataclass
class Letterbox:
    """What has arrived: (recipient, subject, text), oldest first."""

    port: int
    letters: list[tuple[str, str, str]] = field(default_factory=list)

    def to(self, address: str) -> list[tuple[str, str]]:
        return [(subject, text) for recipient, subject, text in self.letters if recipient == address]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Letterbox


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 letterbox")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            if word == "DATA":
                self._say("354 go on")
                self._take(recipients)
                recipients = []
            self._say("221 bye" if word == "QUIT" else "250 fine")
            if word == "QUIT":
                return

    def _take(self, recipients: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.server.box.letters += [(recipient, str(message["Subject"]), text) for recipient in recipients]


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """Listening on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.box = Letterbox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.box
        server.shutdown()
        thread.join()

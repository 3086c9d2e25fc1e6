"""Where a recovery's time goes in the server: the WSGI application called in this process, under cProfile.

cProfile makes Python calls dearer than they are; the shares point, the table's CPU milliseconds tell.
"""

import cProfile
import io
import json
import pstats
import sys
from collections.abc import Callable
from typing import Any

from tests.bench.recovery_client import RecoveringClient

Recover = Callable[[], None]


class InProcess:
    """In place of recovery_client.Connection: the same bytes, straight into the application."""

    def __init__(self, application: Any, profile: cProfile.Profile) -> None:
        self._application, self._profile = application, profile

    def encoded(self, path: str, message: Any, ticket: str) -> bytes:
        return json.dumps([path, message.to_bytes().decode(), ticket]).encode()

    def ask(self, request: bytes) -> tuple[int, dict[str, Any]]:
        path, body, ticket = json.loads(request)
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/vault/v1/{path}",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COFFER_TICKET": ticket,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body.encode()),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        answer: list[str] = []
        self._profile.enable()
        response = self._application(environ, lambda status, headers: answer.append(status))
        content = b"".join(response)
        response.close()
        self._profile.disable()
        return int(answer[0][:3]), json.loads(content)


def profiled(task: dict[str, Any], count: int) -> str:
    """`count` recoveries of the client that `task` describes (recovery_client.py) → the profile as text."""
    from webapp.server.wsgi import application

    profile = cProfile.Profile()
    client = RecoveringClient(task, InProcess(application, profile))
    for _ in range(20):
        client.recover()
    profile.clear()
    for _ in range(count):
        client.recover()
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text).strip_dirs()
    stats.sort_stats("cumulative").print_stats(90)
    stats.sort_stats("tottime").print_stats(50)
    return text.getvalue()

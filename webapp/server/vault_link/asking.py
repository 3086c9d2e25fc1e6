"""What the site itself asks the vault (its feed, a pause), by the same messages and tickets wherever the vault runs."""

import io
import json
from typing import Any, cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import resolve

from vault.wire.errors import ErrorCode, VaultError
from vault.wire.message import Message
from vault.wire.routes import PREFIX, Route
from vault.wire.ticket import HEADER

from .connection import VaultUnreachable
from .views import JSON, vault


def ask(route: Route[Any], ticket: str, message: Message) -> Any:
    """→ the route's reply message. Raises VaultError, with `vault_unreachable` where no vault answers."""
    body = message.to_bytes()
    status, reply = _over_http(route, ticket, body) if settings.VAULT_URL else _in_process(route, ticket, body)
    if status >= 400:
        raise _refused(reply)
    return route.reply.from_bytes(reply)


def _over_http(route: Route[Any], ticket: str, body: bytes) -> tuple[int, bytes]:
    headers = {HEADER: ticket, "Content-Type": JSON}
    try:
        answer = vault().send(route.method, PREFIX + route.path, body, headers, route.reply_bytes)
    except VaultUnreachable as error:
        raise VaultError(ErrorCode.UNREACHABLE) from error
    return answer.status, answer.body


def _in_process(route: Route[Any], ticket: str, body: bytes) -> tuple[int, bytes]:
    """Through the vault's own edge, found by its address: the site does not import the vault's code."""
    environ = {
        "REQUEST_METHOD": route.method,
        "PATH_INFO": PREFIX + route.path,
        "CONTENT_TYPE": JSON,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_" + HEADER.upper().replace("-", "_"): ticket,
        "wsgi.input": io.BytesIO(body),
    }
    match = resolve(PREFIX + route.path)
    response = cast(HttpResponse, match.func(WSGIRequest(environ), *match.args, **match.kwargs))
    return response.status_code, response.content


def _refused(reply: bytes) -> VaultError:
    try:
        error = json.loads(reply)["error"]
        return VaultError(ErrorCode(error["code"]), **error["data"])
    except (ValueError, KeyError, TypeError):
        return VaultError(ErrorCode.UNREACHABLE)

"""The HTTP edge: one decorator that refuses everything a route did not ask for, before anything is read or parsed.

No cookie, no session, no cross-origin header: the authority is the ticket in its header. Whatever goes wrong becomes
one typed JSON error; a traceback never reaches a page that would show local values.
"""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from vault.wire import ticket as ticket_wire
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.message import Message
from vault.wire.routes import Route
from vault.wire.ticket import AccountTicket

from . import tickets

log = logging.getLogger("vault.server")

View = Callable[[HttpRequest], HttpResponse]
Reply = tuple[int, Message]

# Every route's view by the route's name; urls.py mounts exactly the routes of the table.
VIEWS: dict[str, View] = {}


def serving[M: Message](route: Route[M]) -> Callable[[Callable[[AccountTicket, M], Reply]], View]:
    """POST of the route's message, under its cap and a ticket for its purpose; the function gets both."""
    message, purpose = route.request, route.purpose
    if message is None or purpose is None:
        raise ValueError(f"{route.name} takes no message")

    def decorate(function: Callable[[AccountTicket, M], Reply]) -> View:
        def handle(request: HttpRequest) -> tuple[int, bytes]:
            if request.method != route.method:
                raise VaultError(ErrorCode.METHOD)
            body = _body(request, route.body_bytes)
            ticket = tickets.authentic(request.headers.get(ticket_wire.HEADER), purpose)
            status, reply = function(ticket, message.from_bytes(body))
            return status, reply.to_bytes()

        return _view(route, handle)

    return decorate


def asking(route: Route[Message]) -> Callable[[Callable[[], bytes]], View]:
    """GET without ticket or body; the function gives the reply's JSON."""

    def decorate(function: Callable[[], bytes]) -> View:
        def handle(request: HttpRequest) -> tuple[int, bytes]:
            if request.method != route.method:
                raise VaultError(ErrorCode.METHOD)
            return 200, function()

        return _view(route, handle)

    return decorate


@csrf_exempt
def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """404 in the one shape of error for every other address below /vault/v1/."""
    return _error(VaultError(ErrorCode.NOT_FOUND))


def _body(request: HttpRequest, body_bytes: int) -> bytes:
    if request.META.get("CONTENT_TYPE", "") != "application/json":
        raise VaultError(ErrorCode.CONTENT_TYPE)
    declared = str(request.META.get("CONTENT_LENGTH") or "")
    if not (declared.isascii() and declared.isdecimal()):
        raise VaultError(ErrorCode.LENGTH_REQUIRED)
    if len(declared) > len(str(body_bytes)) or int(declared) > body_bytes:
        raise VaultError(ErrorCode.BODY_TOO_LARGE)
    body = request.read(body_bytes + 1)
    if len(body) > body_bytes:
        raise VaultError(ErrorCode.BODY_TOO_LARGE)
    if len(body) != int(declared):
        raise VaultError(ErrorCode.MALFORMED)
    return body


def _view(route: Route[Any], handle: Callable[[HttpRequest], tuple[int, bytes]]) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            response = _json(*handle(request))
        except VaultError as error:
            if error.status >= 500:
                log.error("vault %s refused: %s", route.name, error.code.value)
            response = _error(error)
        except (OperationalError, IntegrityError):
            # A lock that lasted too long, the database is away, or two requests made the same row at once. A charge
            # that was committed is found again by the same request id, so trying again is safe.
            log.error("vault %s refused: %s", route.name, ErrorCode.BUSY.value)
            response = _error(VaultError(ErrorCode.BUSY))
        except Exception as error:
            log.error("vault %s failed: %s", route.name, type(error).__name__, exc_info=error)
            response = _error(VaultError(ErrorCode.INTERNAL))
        if response.status_code == 405:
            response["Allow"] = route.method
        return response

    VIEWS[route.name] = csrf_exempt(functools.wraps(handle, assigned=())(view))
    return VIEWS[route.name]


def _json(status: int, body: bytes) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    # No other layer of ours sets it, and a reply in chunks costs both ends more.
    response["Content-Length"] = str(len(response.content))
    return response


def _error(error: VaultError) -> HttpResponse:
    response = _json(error.status, json.dumps(error.body(), separators=(",", ":")).encode())
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response

"""The HTTP edge: one decorator that refuses everything a route did not ask for, before anything is read or parsed.

No cookie, no session, no cross-origin header: the authority is the ticket in its header. Whatever goes wrong becomes
one typed JSON error; a traceback never reaches a page that would show local values.
"""

import functools
import json
import logging
from collections.abc import Callable

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from vault.wire import ticket as ticket_wire
from vault.wire.errors import ErrorCode, VaultError
from vault.wire.message import Message
from vault.wire.ticket import AccountTicket, Purpose

from . import tickets

log = logging.getLogger("vault.server")

View = Callable[[HttpRequest], HttpResponse]
Reply = tuple[int, Message]


def reading[M: Message](
    purpose: Purpose, message: type[M], body_bytes: int
) -> Callable[[Callable[[AccountTicket, M], Reply]], View]:
    """POST of one JSON message of at most `body_bytes` under a ticket for `purpose`; the function gets both."""

    def decorate(function: Callable[[AccountTicket, M], Reply]) -> View:
        def handle(request: HttpRequest) -> Reply:
            if request.method != "POST":
                raise VaultError(ErrorCode.METHOD)
            body = _body(request, body_bytes)
            ticket = tickets.authentic(request.headers.get(ticket_wire.HEADER), purpose)
            return function(ticket, message.from_bytes(body))

        return _view(function.__name__, handle, "POST")

    return decorate


def asking(function: Callable[[], Reply]) -> View:
    """GET without ticket or body."""

    def handle(request: HttpRequest) -> Reply:
        if request.method != "GET":
            raise VaultError(ErrorCode.METHOD)
        return function()

    return _view(function.__name__, handle, "GET")


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


def _view(name: str, handle: Callable[[HttpRequest], Reply], method: str) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            status, message = handle(request)
            response = _json(status, message.to_bytes())
        except VaultError as error:
            if error.status >= 500:
                log.error("vault %s refused: %s", name, error.code.value)
            response = _error(error)
        except (OperationalError, IntegrityError):
            # A lock that lasted too long, the database is away, or two requests made the same row at once. A charge
            # that was committed is found again by the same request id, so trying again is safe.
            log.error("vault %s refused: %s", name, ErrorCode.BUSY.value)
            response = _error(VaultError(ErrorCode.BUSY))
        except Exception as error:
            log.error("vault %s failed: %s", name, type(error).__name__, exc_info=error)
            response = _error(VaultError(ErrorCode.INTERNAL))
        if response.status_code == 405:
            response["Allow"] = method
        return response

    view.__name__ = name
    return csrf_exempt(functools.wraps(handle, assigned=())(view))


def _json(status: int, body: bytes) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _error(error: VaultError) -> HttpResponse:
    response = _json(error.status, json.dumps(error.body(), separators=(",", ":")).encode())
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response

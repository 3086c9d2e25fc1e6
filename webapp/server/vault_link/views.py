"""Forwarding one route: its method, its body under its cap, and three headers; back come status, body and four."""

import json
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from vault.wire.errors import ErrorCode, VaultError
from vault.wire.limits import TICKET_HEADER_BYTES
from vault.wire.routes import PREFIX, Route
from vault.wire.ticket import HEADER

from .connection import VaultConnection, VaultUnreachable

log = logging.getLogger("coffer.vault_link")

JSON = "application/json"
CONTENT_TYPE_BYTES = 128
BACK = ("content-type", "cache-control", "retry-after", "allow")


@cache
def vault() -> VaultConnection:
    """The vault at VAULT_URL."""
    return VaultConnection(settings.VAULT_URL, settings.VAULT_CA)


def forwarding(route: Route[Any]) -> Callable[[HttpRequest], HttpResponse]:
    """The view that hands this route's requests on. The authority is the ticket: no cookie goes along or comes back."""

    @csrf_exempt
    def forward(request: HttpRequest) -> HttpResponse:
        try:
            return _forwarded(route, request)
        except VaultError as error:
            return _refusal(error, route.method)
        except VaultUnreachable as error:
            log.error("the vault does not answer: %s", error)
            return _refusal(VaultError(ErrorCode.UNREACHABLE), route.method)

    return forward


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for every address that the vault does not have; none of them is forwarded."""
    return _refusal(VaultError(ErrorCode.NOT_FOUND), "")


def _forwarded(route: Route[Any], request: HttpRequest) -> HttpResponse:
    if request.method != route.method:
        raise VaultError(ErrorCode.METHOD)
    body = b"" if route.method == "GET" else _body(request, route.body_bytes)
    answer = vault().send(route.method, PREFIX + route.path, body, _headers(request, route), route.reply_bytes)
    if answer.headers.get("content-type") != JSON:
        raise VaultUnreachable(f"status {answer.status} that is not the vault's")
    response = HttpResponse(answer.body, status=answer.status)
    for name in BACK:
        if name in answer.headers:
            response[name] = answer.headers[name]
    return response


def _headers(request: HttpRequest, route: Route[Any]) -> dict[str, str]:
    if route.method == "GET":
        return {}
    headers = {}
    for name, cap, refusal in (
        (HEADER, TICKET_HEADER_BYTES, ErrorCode.TICKET_REFUSED),
        ("Content-Type", CONTENT_TYPE_BYTES, ErrorCode.CONTENT_TYPE),
    ):
        value = request.headers.get(name)
        if not value:
            continue
        if len(value) > cap or not (value.isascii() and value.isprintable()):
            raise VaultError(refusal)
        headers[name] = value
    return headers


def _body(request: HttpRequest, cap: int) -> bytes:
    """As long as it says, under the cap. The vault checks the same again."""
    declared = str(request.META.get("CONTENT_LENGTH") or "")
    if not (declared.isascii() and declared.isdecimal()):
        raise VaultError(ErrorCode.LENGTH_REQUIRED)
    if len(declared) > len(str(cap)) or int(declared) > cap:
        raise VaultError(ErrorCode.BODY_TOO_LARGE)
    try:
        body = request.read(cap + 1)
    except UnreadablePostError:
        raise VaultError(ErrorCode.MALFORMED) from None
    if len(body) != int(declared):
        raise VaultError(ErrorCode.MALFORMED)
    return body


def _refusal(error: VaultError, method: str) -> HttpResponse:
    response = HttpResponse(json.dumps(error.body(), separators=(",", ":")), status=error.status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    if error.code is ErrorCode.METHOD:
        response["Allow"] = method
    return response

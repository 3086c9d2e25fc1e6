"""A short random name for every request, in its response and in every log line it causes."""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-Id"
ACCEPTED = re.compile(r"[0-9a-f]{8,64}")

current_request_id: ContextVar[str] = ContextVar("coffer_request_id", default="-")


class RequestIds:
    """Takes a well-formed id that a proxy gave, else makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        # Not reset afterwards: Django writes its line about a refused request when this middleware has returned.
        current_request_id.set(request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response

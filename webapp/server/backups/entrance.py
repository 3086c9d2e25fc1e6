"""What holds for every request to /api/v1/: who asks, in what form, and one shape for every refusal.

Order: length and content type, session and CSRF or app token and scope, then the view. A refusal takes in the rest of
the body first (within DRAIN_BYTES): a server that answers and closes while the browser still sends shows as a broken
connection, and the person would read "network error" instead of "sign in again".
"""

import errno
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.cache import add_never_cache_headers
from ninja.utils import check_csrf

from webapp.server.accounts.app_tokens import Scope, find_token, note_use
from webapp.server.accounts.models import Account

from .body import announced_length
from .errors import (
    ApiError,
    BodyTooLarge,
    CsrfFailed,
    MethodNotAllowed,
    NotFound,
    ScopeMissing,
    ServerFailed,
    SignedOut,
    StorageFull,
    TokenRefused,
    UnsupportedType,
)
from .limits import DRAIN_BYTES, JSON_BYTES, PIECE_BYTES
from .octets import OCTETS

JSON = "application/json"
_WITH_BODY = {"POST", "PUT", "PATCH"}

_log = logging.getLogger("coffer.backups")


class AccountRequest(HttpRequest):
    """A request that has passed `session_account` or `session_or_token`: ninja keeps what that returned in `auth`.

    caller: names the session or the token, for tickets; scopes: what an app token may do, None for a session.
    """

    auth: Account
    caller: str
    scopes: frozenset[str] | None


def session_account(request: AccountRequest) -> Account:
    """The signed-in account; ninja calls it for every operation that does not name scopes. An app token never enters.

    Raises SignedOut, CsrfFailed, ScopeMissing.
    """
    if "Authorization" in request.headers:
        _token_account(request)
        raise ScopeMissing
    account = request.user
    if not account.is_authenticated:
        raise SignedOut
    # Ninja's views are exempt from Django's middleware, so the check is made here, for every unsafe method.
    if check_csrf(request) is not None:
        raise CsrfFailed
    request.caller, request.scopes = request.session.session_key or "", None
    return account


def session_or_token(*scopes: Scope) -> Callable[[AccountRequest], Account]:
    """For operations that a program may ask for too, with an app token that has one of the scopes.

    A token stands in a header that no browser sends by itself, so it needs no CSRF token; and where that header is
    given, the session counts for nothing. Raises SignedOut, CsrfFailed, TokenRefused, ScopeMissing.
    """

    def enter(request: AccountRequest) -> Account:
        if "Authorization" not in request.headers:
            return session_account(request)
        account = _token_account(request)
        if request.scopes is None or request.scopes.isdisjoint(scopes):
            raise ScopeMissing({"scopes": sorted(scopes)})
        return account

    return enter


# What an app token may do, by its scope. Operations that name none of these are for sessions alone.
ANY_TOKEN = session_or_token(*Scope)
SENDING = session_or_token(Scope.BACKUP)
FETCHING = session_or_token(Scope.RESTORE)
LOOKING = session_or_token(Scope.BACKUP, Scope.RESTORE)


def _token_account(request: AccountRequest) -> Account:
    kind, _, text = request.headers["Authorization"].partition(" ")
    token = find_token(text.strip()) if kind.lower() == "bearer" else None
    if token is None:
        raise TokenRefused
    note_use(token)
    request.caller, request.scopes = f"app token {token.pk}", token.allowed
    return token.account


def refusal(error: ApiError) -> HttpResponse:
    """The error as JSON, with Retry-After where it names a time."""
    response = JsonResponse(error.body(), status=error.status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def translate(error: Exception) -> ApiError:
    """Any exception → the refusal it stands for; ServerFailed for one that nobody foresaw."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFull()
    if isinstance(error, DatabaseError) and "disk is full" in str(error):
        return StorageFull()
    return ServerFailed()


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view behind the common rules."""

    @wraps(view)
    def entrance(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _require_form(request)
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                allowed = response["Allow"]
                response = refusal(MethodNotAllowed({"allowed": allowed}))
                response["Allow"] = allowed
        except Exception as error:  # noqa: BLE001  the last resort is an answer in the promised shape
            known = translate(error)
            if isinstance(known, ServerFailed):
                _log.error("unforeseen failure", exc_info=error)
            response = refusal(known)
        if response.status_code >= 400:
            _drain(request)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store"
        return response

    entrance.csrf_exempt = True  # type: ignore[attr-defined]  # checked in session_account, with a JSON answer
    return entrance


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """404 for every other address below /api/v1/."""
    raise NotFound


def _require_form(request: HttpRequest) -> None:
    """A body is JSON or octets, never a form: a foreign page cannot send these without asking first."""
    if request.method not in _WITH_BODY:
        return
    length = announced_length(request)
    if request.content_type == JSON:
        if length > JSON_BYTES:
            raise BodyTooLarge({"limit": JSON_BYTES})
    elif request.content_type != OCTETS:
        raise UnsupportedType


def _drain(request: HttpRequest) -> None:
    try:
        if announced_length(request) > DRAIN_BYTES:
            return
        while request.read(PIECE_BYTES):
            pass
    except (ApiError, UnreadablePostError, OSError, ValueError):
        return  # nobody is there to read the answer

"""The vault's routes turn off here, above everything that knows sessions, languages and cookies: none of it may have a
say in a guess, and each layer would cost every guess its time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

from vault.wire.routes import PREFIX


class VaultDoor:
    """Stands below what every response carries and what makes a connection HTTPS, above all the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.get_host()  # DisallowedHost for a name that is not this site's
        found = resolve(request.path_info)
        request.resolver_match = found
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response

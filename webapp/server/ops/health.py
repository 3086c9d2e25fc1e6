"""Two questions a load balancer asks, answered before hosts, sessions and redirects are looked at: a probe speaks
plain HTTP and calls this machine by its number."""

from collections.abc import Callable

from django.db import connections
from django.db.utils import Error
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

LIVE = "/health/live"
READY = "/health/ready"


class HealthChecks:
    """Stands right below the security headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = {LIVE: live, READY: ready}.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response["Cache-Control"] = "no-store"
        return response


def live() -> JsonResponse:
    """200 while this process answers at all; touches nothing else."""
    return JsonResponse({"live": True})


def ready() -> JsonResponse:
    """200 when both databases answer, else 503 naming those that do not (and nothing about why)."""
    down = []
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            down.append(alias)
    return JsonResponse({"ready": not down, "down": down}, status=503 if down else 200)

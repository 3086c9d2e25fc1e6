"""What a load balancer and a monitor ask, answered before hosts, sessions and redirects are looked at: a probe speaks
plain HTTP and calls this machine by its number."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

from .metrics import PATH as METRICS
from .metrics import metrics
from .reachable import databases_down, services_down

LIVE = "/health/live"
READY = "/health/ready"


class HealthChecks:
    """Stands right below the security headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = {LIVE: live, READY: ready, METRICS: partial(metrics, request)}.get(request.path_info)
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
    """200 when the databases and the store answer, else 503 naming those that do not (and nothing about why).

    impaired: what else does not answer, and what the site goes on without. No broker: the clock comes late. No vault:
    people open their safes by the 64 digits.
    """
    services = set(services_down())
    down = [*databases_down(), *(services & {"store"})]
    impaired = sorted(services - {"store"})
    return JsonResponse({"ready": not down, "down": down, "impaired": impaired}, status=503 if down else 200)

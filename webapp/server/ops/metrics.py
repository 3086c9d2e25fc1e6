"""/metrics, in Prometheus' format, for this machine or for whoever has the token. To others there is no such page."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from . import request_metrics
from .state_metrics import StateCollector

PATH = "/metrics"
# A proxy on this machine brings others' requests; it says so in one of these.
_PROXIED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def may_see(request: HttpRequest) -> bool:
    """A program on this machine, asking without a proxy; or `Authorization: Bearer` with the token that was set."""
    token: str = settings.COFFER_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    if given or any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of all processes of the web server, then those of the databases."""
    if not may_see(request):
        return HttpResponse("There is nothing here.\n", status=404, content_type="text/plain; charset=utf-8")
    state = CollectorRegistry()
    state.register(StateCollector())
    text = generate_latest(request_metrics.collected()) + generate_latest(state)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)

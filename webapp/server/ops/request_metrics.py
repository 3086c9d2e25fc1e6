"""What requests cost, counted over all processes of the web server: by route and class of status, never by person.

Each process counts into files of its own in the data folder; whoever is asked for the figures adds them up.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess

FOLDER = Path(settings.METRICS_FOLDER)
FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)

LABELS = ("route", "status")
REQUESTS = Counter("coffer_requests", "Requests, by route and class of status.", LABELS, registry=None)
RECEIVED = Counter("coffer_request_bytes", "Bytes of request bodies, as announced.", ["route"], registry=None)
SENT = Counter("coffer_response_bytes", "Bytes of response bodies.", ["route"], registry=None)
SECONDS = Histogram(
    "coffer_request_seconds",
    "Time until a response begins.",
    ["route"],
    registry=None,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def forget_ended_processes() -> None:
    """Before the web server starts: what processes of the run before have counted ends here."""
    for path in FOLDER.glob("*.db"):
        path.unlink(missing_ok=True)


def collected() -> CollectorRegistry:
    """The figures of all processes."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(FOLDER))
    return registry


def route_of(request: HttpRequest) -> str:
    """The name of the route, from the list of addresses: what was asked for beyond it is in no figure."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or match.route
    return "file" if request.path_info.startswith(("/static/", "/app/assets/")) else "none"


class RequestMetrics:
    """Stands outside of all that answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        SECONDS.labels(route).observe(time.perf_counter() - began)
        REQUESTS.labels(route, f"{response.status_code // 100}xx").inc()
        length = request.META.get("CONTENT_LENGTH") or ""
        RECEIVED.labels(route).inc(int(length) if length.isascii() and length.isdecimal() else 0)
        _count_sent(response, route)
        return response


def _count_sent(response: HttpResponseBase, route: str) -> None:
    if not response.streaming:
        SENT.labels(route).inc(len(response.content))  # type: ignore[attr-defined]
    elif response.has_header("Content-Length"):
        SENT.labels(route).inc(int(response["Content-Length"]))
    else:
        response.streaming_content = _counted(response.streaming_content, route)  # type: ignore[attr-defined]


def _counted(pieces: Iterable[bytes], route: str) -> Iterator[bytes]:
    for piece in pieces:
        SENT.labels(route).inc(len(piece))
        yield piece

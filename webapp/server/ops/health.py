"""Two questions a load balancer asks."""

from django.db import connections
from django.db.utils import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all; touches nothing else."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when both databases answer, else 503 naming those that do not (and nothing about why)."""
    down = []
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            down.append(alias)
    return JsonResponse({"ready": not down, "down": down}, status=503 if down else 200)

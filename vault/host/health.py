"""What a load balancer, or the operator's monitor, asks of a vault on a host of its own."""

from django.db import connections
from django.db.utils import Error
from django.http import HttpRequest, JsonResponse

from vault.server.router import ALIAS
from vault.server.services import identity
from vault.wire.errors import VaultError


def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all; touches nothing else."""
    return _answer({"live": True}, 200)


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and custody opens the vault's own keys; else 503 naming what is down."""
    down = [name for name, works in (("database", _database), ("custody", _custody)) if not works()]
    return _answer({"ready": not down, "down": down}, 503 if down else 200)


def _database() -> bool:
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _custody() -> bool:
    try:
        identity.opened()
    except (VaultError, Error):
        return False
    return True


def _answer(facts: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(facts, status=status, headers={"Cache-Control": "no-store"})

"""How often an account may ask. An edge limit in the cache; nothing that guards a secret counts with it."""

import time

from django.core.cache import cache

from webapp.server.accounts.models import Account

from .errors import RateLimited

_WINDOW_SECONDS = 60


def take_turn(what: str, account: Account, *, per_minute: int) -> None:
    """Count one request in the running minute. Raises RateLimited with the seconds until the next one."""
    now = int(time.time())
    window, gone = divmod(now, _WINDOW_SECONDS)
    key = f"backups:{what}:{account.pk}:{window}"
    cache.add(key, 0, timeout=2 * _WINDOW_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:  # evicted between the two calls: the cache is full, so the count is gone
        count = 1
    if count > per_minute:
        raise RateLimited(retry_after=_WINDOW_SECONDS - gone)

"""How often an account may ask. An edge limit in the cache; nothing that guards a secret counts with it."""

import time

from django.core.cache import cache

from webapp.server.accounts.models import Account

from .errors import RateLimited

_WINDOW_SECONDS = 60
_DAY_SECONDS = 24 * 3600


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


def owe_bytes(account: Account, change: int) -> int:
    """Add to what the account may be bringing to the bucket right now, in bytes; → the sum of the last two days.

    It grows when addresses are signed and shrinks when their chunks are counted, so that nobody fills the bucket with
    objects that no row counts before a collection finds them.
    """
    day = int(time.time()) // _DAY_SECONDS
    keys = [f"backups:owed:{account.pk}:{day - ago}" for ago in range(2)]
    cache.add(keys[0], 0, timeout=3 * _DAY_SECONDS)
    if change:
        try:
            cache.incr(keys[0], change)
        except ValueError:  # evicted: the cache is full
            pass
    return max(0, sum(int(cache.get(key, 0)) for key in keys))

"""Sealed chunks straight to and from the operator's bucket, at the addresses that the site signed (docs/api.md)."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from .errors import ChunkDamaged, StoreRefused
from .ports import Data, Http

AT_ONCE = 6
"""Requests to the bucket under way together: what browsers open to one host."""
ALREADY_THERE = 412


async def send(http: Http, url: str, sealed: Data, headers: Mapping[str, str]) -> None:
    """Raises StoreRefused, NetworkDown."""
    response = await http.external("PUT", url, body=sealed, headers=headers)
    # "Already there" is as good: the name holds the digest of these very bytes.
    if response.status >= 300 and response.status != ALREADY_THERE:
        raise StoreRefused(data={"status": response.status})


async def fetch(http: Http, url: str, size: int) -> Data:
    """Exactly `size` bytes. Raises StoreRefused, ChunkDamaged, NetworkDown."""
    response = await http.external("GET", url)
    if response.status >= 300:
        raise StoreRefused(data={"status": response.status})
    if len(response.body) != size:
        raise ChunkDamaged
    return response.body


async def in_turn[T](jobs: Sequence[Coroutine[Any, Any, T]], at_once: int) -> list[T]:
    """The results in order, never more than `at_once` jobs under way. The first failure ends the others."""
    turns = asyncio.Semaphore(at_once)

    async def one(job: Coroutine[Any, Any, T]) -> T:
        async with turns:
            return await job

    tasks = [asyncio.ensure_future(one(job)) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise

"""Sweeps of the outbox and of what the vault told. Running one too often, late, or never, changes only the moment."""

from celery import shared_task

from vault.wire.errors import VaultError

from . import feed, not_me_links, outbox, pauses


@shared_task(name="notices.deliver_outbox")
def deliver_outbox() -> int:
    """Delivers every due mail; returns how many went out."""
    return outbox.deliver_due()


@shared_task(name="notices.tell_owners", throws=(VaultError,))
def tell_owners() -> dict[str, int]:
    """Takes the vault's feed, owes the mails, and tells the vault of pauses it has not heard of; → how many of each.

    Raises VaultError when the feed cannot be read; what was taken before is told all the same.
    """
    settled = pauses.settle()
    try:
        taken = feed.take()
    finally:
        owed = feed.tell()
    return {"taken": taken, "owed": owed, "pauses": settled}


@shared_task(name="notices.clear")
def clear() -> dict[str, int]:
    """Forgets links that ran out, events told long ago and mails of last month; → how many of each."""
    return {"links": not_me_links.forget(), "events": feed.forget(), "mails": outbox.forget()}

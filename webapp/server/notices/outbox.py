"""Writing the outbox and delivering from it.

Delivery is leased: a sweep takes a row by one conditional UPDATE, so two sweeps never send the same mail at the same
time. A sweep that dies leaves a lease that runs out; the mail is then tried again.
"""

import logging
import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Mail

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
KEPT = timedelta(days=30)
# What a mail said goes once it was sent: the subject too, since the one with a code names it.
BLANK = {"subject": "", "text": "", "html": ""}

logger = logging.getLogger("coffer.notices")


def write(
    *, recipients: list[str], sender: str, subject: str, text: str, html: str = "", headers: dict[str, str]
) -> Mail:
    """One mail owed from now on (from the caller's commit on)."""
    return Mail.objects.create(
        recipients=recipients,
        sender=sender,
        subject=" ".join(str(subject).split())[:300],
        text=text,
        html=html,
        headers=headers,
        next_attempt=timezone.now(),
    )


def ring_after_commit() -> None:
    """Wakes the delivery task once the rows are really there. A lost ring costs seconds: the clock sweeps too."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    from .tasks import deliver_outbox

    deliver_outbox.apply_async(ignore_result=True, expires=60, retry=False)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 1, 4, 16 … minutes, a day at most."""
    return min(timedelta(minutes=4 ** (attempts - 1)), timedelta(days=1))


def deliver_due(now: datetime | None = None, limit: int = 100) -> int:
    """Delivers what is due, oldest first; returns how many mails went out in this sweep."""
    sent = 0
    for _ in range(limit):
        mail = _lease_one(now or timezone.now())
        if mail is None:
            break
        sent += _deliver(mail)
    return sent


def forget(now: datetime | None = None) -> int:
    """Drops rows of mails that were sent, or given up, a month ago; → how many. Nobody needs to know for longer."""
    over = Mail.objects.filter(state__in=[Mail.State.SENT, Mail.State.FAILED])
    deleted, _ = over.filter(created__lt=(now or timezone.now()) - KEPT).delete()
    return deleted


def _lease_one(now: datetime) -> Mail | None:
    """Takes the oldest due mail for this sweep, or None. The loop runs on only when another sweep was faster."""
    due = Mail.objects.filter(state__in=[Mail.State.WAITING, Mail.State.SENDING], next_attempt__lte=now).order_by(
        "next_attempt", "id"
    )
    while (candidate := due.values("id", "lease").first()) is not None:
        lease = secrets.token_hex(16)
        taken = Mail.objects.filter(
            id=candidate["id"],
            lease=candidate["lease"],
            state__in=[Mail.State.WAITING, Mail.State.SENDING],
            next_attempt__lte=now,
        ).update(state=Mail.State.SENDING, lease=lease, next_attempt=now + LEASE, attempts=F("attempts") + 1)
        if taken:
            return Mail.objects.get(id=candidate["id"])
    return None


def _deliver(mail: Mail) -> bool:
    held = Mail.objects.filter(id=mail.id, lease=mail.lease, state=Mail.State.SENDING)
    try:
        _hand_over(mail)
    except (SMTPException, OSError) as error:
        given_up = mail.attempts >= MAX_ATTEMPTS
        held.update(
            state=Mail.State.FAILED if given_up else Mail.State.WAITING,
            next_attempt=timezone.now() + wait_after(mail.attempts),
            **(BLANK if given_up else {}),
        )
        # The class only: a mail server's words may repeat the address or the subject.
        logger.warning("mail %s was not delivered (%s), attempt %s", mail.id, type(error).__name__, mail.attempts)
        return False
    blank = BLANK if settings.NOTICES_DELIVERY != "inbox" else {}
    held.update(state=Mail.State.SENT, sent=timezone.now(), **blank)
    return True


def _hand_over(mail: Mail) -> None:
    """To the mail server; in development the row itself is the delivery: the inbox page shows it."""
    if settings.NOTICES_DELIVERY == "inbox":
        return
    message = EmailMultiAlternatives(mail.subject, mail.text, mail.sender, mail.recipients, headers=dict(mail.headers))
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    mailers["smtp"].send_messages([message])

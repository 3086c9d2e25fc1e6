"""Django's mail backend that sends nothing: it writes rows of the outbox, inside the caller's transaction."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from .outbox import ring_after_commit, write


class OutboxBackend(BaseEmailBackend):
    """Every message becomes a Mail row; a rolled-back transaction takes its mail along."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            html = ""
            if isinstance(message, EmailMultiAlternatives):
                html = next((str(part.content) for part in message.alternatives if part.mimetype == "text/html"), "")
            write(
                recipients=message.recipients(),
                sender=message.from_email,
                subject=message.subject,
                text=str(message.body),
                html=html,
                headers={name: str(value) for name, value in message.extra_headers.items()},
            )
        if email_messages:
            ring_after_commit()
        return len(email_messages)

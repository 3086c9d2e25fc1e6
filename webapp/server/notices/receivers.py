"""What a sign-in means for notices: it ends a pause of guessing."""

from typing import Any

from django.contrib.auth.signals import user_logged_in

from webapp.server.accounts.models import Account

from . import owner_mails, pauses


def resume_guessing(sender: Any, user: Account, **kwargs: Any) -> None:
    """The owner has proved once more that the mailbox or the passkey is theirs."""
    if pauses.resume(user):
        owner_mails.owe_about(user, "guessing_resumed", {})


def connect() -> None:
    """Listens from the start of the process."""
    user_logged_in.connect(resume_guessing, dispatch_uid="coffer.resume_guessing")

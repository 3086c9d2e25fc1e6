"""The outbox: a mail is owed from the moment its row is committed, whatever happens to queues and processes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One mail to one or more recipients; its body goes once it is delivered, for it may hold a code."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    recipients = models.JSONField(_("recipients"))
    sender = models.CharField(_("sender"), max_length=320)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt = models.DateTimeField(_("next attempt"), db_index=True)
    lease = models.CharField(max_length=32, blank=True)
    sent = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "next_attempt"], name="mail_due")]

    def __str__(self) -> str:
        # Not the subject: it may hold a code, and the admin writes this name into its pages.
        return f"mail {self.pk}"


class VaultEvent(models.Model):
    """What the vault's feed told of one account's safe: kept once, by its head.

    account_id, safe_id, record_id: the vault's words, 16 bytes each. state: whether its owner was told.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TOLD = "told", _("told")
        QUIET = "quiet", _("not told")

    head = models.BinaryField(max_length=32, unique=True)
    account_id = models.BinaryField(max_length=16)
    safe_id = models.BinaryField(max_length=16)
    record_id = models.BinaryField(max_length=16)
    number = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20)
    at = models.DateTimeField(_("at"))
    guesses_left = models.PositiveSmallIntegerField(_("guesses left"))
    locked_until = models.DateTimeField(_("locked until"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    received = models.DateTimeField(_("received"), db_index=True)

    class Meta:
        verbose_name = _("event of the vault")
        verbose_name_plural = _("events of the vault")
        indexes = [
            models.Index(fields=["record_id", "number"], name="vault_event_of_record"),
            models.Index(fields=["record_id"], condition=models.Q(state="waiting"), name="vault_event_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class NotMeLink(models.Model):
    """One "this wasn't me" link in a mail. Only its digest is here, so that the table gives nobody a link."""

    digest = models.BinaryField(max_length=32, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires = models.DateTimeField(_("expires"), db_index=True)
    used = models.DateTimeField(_("used"), null=True)

    def __str__(self) -> str:
        return f"link {self.pk}"


class GuessingPause(models.Model):
    """Whether guessing is to be paused for an account's safes, and whether the vault knows."""

    class Wanted(models.TextChoices):
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wanted = models.CharField(_("wanted"), max_length=8, choices=Wanted)
    since = models.DateTimeField(_("since"))
    settled = models.BooleanField(_("the vault knows"), default=False)

    class Meta:
        verbose_name = _("pause of guessing")
        verbose_name_plural = _("pauses of guessing")

    def __str__(self) -> str:
        return f"pause {self.pk}: {self.wanted}"

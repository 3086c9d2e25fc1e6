"""The outbox: a mail is owed from the moment its row is committed, whatever happens to queues and processes."""

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

"""When each task of the clock last ran, and how that went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskRun(models.Model):
    """One row a task, overwritten at each run; recent: the last runs, newest first (vault/host/run_log.py)."""

    name = models.CharField(_("task"), max_length=100, unique=True)
    started = models.DateTimeField(_("last started"), null=True)
    ended = models.DateTimeField(_("last ended"), null=True)
    seconds = models.FloatField(_("took"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    result = models.JSONField(_("result"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)
    recent = models.JSONField(_("last runs"), default=list)

    class Meta:
        verbose_name = _("task run")
        verbose_name_plural = _("task runs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

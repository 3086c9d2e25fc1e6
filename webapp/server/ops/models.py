"""When each task of the clock last ran."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskRun(models.Model):
    """One row a task, overwritten at each run."""

    name = models.CharField(_("task"), max_length=100, unique=True)
    started = models.DateTimeField(_("last started"), null=True)
    ended = models.DateTimeField(_("last ended"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)

    class Meta:
        verbose_name = _("task run")
        verbose_name_plural = _("task runs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

"""Every address of the vault's admin."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import path

from vault.server.models import SweepRun
from vault.server.router import ALIAS

from . import health
from .task_admin import TaskRunsAdmin


class SweepRunAdmin(TaskRunsAdmin):
    """Every sweep of the vault's own worker."""

    alias = ALIAS


admin.site.register(SweepRun, SweepRunAdmin)

admin.site.index_title = "What the vault keeps"
# Operators are few, and all of them may only look.
admin.site.unregister(Group)

urlpatterns = [path("health/live", health.live), path("", admin.site.urls)]

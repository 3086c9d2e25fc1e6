"""The clock in the admin."""

from django.contrib import admin

from vault.host.task_admin import TaskRunsAdmin

from .models import TaskRun


@admin.register(TaskRun)
class TaskRunAdmin(TaskRunsAdmin):
    """Every sweep of this program's worker."""

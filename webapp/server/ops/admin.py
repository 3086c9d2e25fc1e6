"""The clock in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from .models import TaskRun


@admin.register(TaskRun)
class TaskRunAdmin(ModelAdmin):
    """Read-only: a task whose last start lies far back means that no worker runs."""

    list_display = ["name", "started", "ended", "outcome", "runs"]
    readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: TaskRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TaskRun | None = None) -> bool:
        return False

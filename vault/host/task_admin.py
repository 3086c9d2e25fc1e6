"""The clock in an admin: what ran when, how it ended, what comes next, and "run now", which enqueues the task."""

import logging
from typing import Any

from celery import current_app
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from . import run_log

log = logging.getLogger("vault.host")


def _wait(seconds: float) -> str:
    return _("%(n)d s") % {"n": seconds} if seconds < 120 else _("%(n)d min") % {"n": seconds / 60}


class TaskRunsAdmin(ModelAdmin):  # type: ignore[misc]
    """For a model with the fields that run_log.py writes. alias: its database. Read-only but for "run now"."""

    alias = "default"
    actions = None
    ordering = ["name"]
    list_display = ["task", "last_run", "took", "how_it_ended", "what_it_did", "next_run", "run_now"]
    fields = ["task", "last_run", "took", "how_it_ended", "what_it_did", "next_run", "runs", "last_runs"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).using(self.alias)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("task"), ordering="name")
    def task(self, run: Any) -> str:
        return str(run.name)

    @admin.display(description=gettext_lazy("last run"), ordering="started")
    def last_run(self, run: Any) -> Any:
        return run.started

    @admin.display(description=gettext_lazy("took"), ordering="seconds")
    def took(self, run: Any) -> str:
        return "" if run.seconds is None else f"{run.seconds:.2f} s"

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def how_it_ended(self, run: Any) -> str:
        limit = float(current_app.conf.task_time_limit or 0)
        if run.outcome == "running" and run.started and (timezone.now() - run.started).total_seconds() > limit > 0:
            return _("did not end; the next run goes on where it stood")
        return str(run.outcome) or _("never ran")

    @admin.display(description=gettext_lazy("result"))
    def what_it_did(self, run: Any) -> str:
        if run.error:
            return str(run.error)
        if isinstance(run.result, dict):
            return ", ".join(f"{name} {value}" for name, value in run.result.items())
        return "" if run.result is None else str(run.result)

    @admin.display(description=gettext_lazy("next run"))
    def next_run(self, run: Any) -> Any:
        found = run_log.due(run.name, run.started)
        if found.every is None:
            return _("when it is rung")
        if found.at is None:
            return _("%(wait)s after a worker's start") % {"wait": _wait(found.every)}
        if found.at < timezone.now():
            return _("due now")
        return found.at

    @admin.display(description=gettext_lazy("last runs"))
    def last_runs(self, run: Any) -> str:
        lines = format_html_join("", "<li>{}</li>", ((line,) for line in run_log.recent_lines(run.recent)))
        return format_html("<ol>{}</ol>", lines)

    @admin.display(description="")
    def run_now(self, run: Any) -> str:
        # The table stands in a form of its own, which carries the CSRF token.
        return format_html(
            '<button type="submit" formmethod="post" formaction="{}" class="font-medium text-primary-600 '
            'dark:text-primary-400 underline cursor-pointer">{}</button>',
            reverse(f"admin:{self._names}_run", args=[run.pk]),
            _("Run now"),
        )

    @property
    def _names(self) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}"

    def get_urls(self) -> list[URLPattern]:
        run = path("<int:pk>/run/", self.admin_site.admin_view(self.run), name=f"{self._names}_run")
        return [run, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every task of the schedule has its row, and a worker that is not there is said."""
        if self.has_view_permission(request):
            run_log.known_tasks(self.model, self.alias)
            if request.method == "GET" and run_log.worker_seems_gone(self.model, self.alias):
                messages.warning(request, self._gone())
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def _gone(self) -> str:
        last = run_log.last_sign_of_a_worker(self.model, self.alias)
        if last is None:
            return _("No worker has ever run anything here. Start one: nothing is swept, and no mail leaves.")
        return _("No worker has begun anything since %(when)s. What is enqueued waits until one runs.") % {
            "when": last.strftime("%Y-%m-%d %H:%M:%S UTC")
        }

    def run(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the task into the queue. Sweeps may run at any time, twice or late."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = str(get_object_or_404(self.get_queryset(request), pk=pk).name)
        back = redirect(f"admin:{self._names}_changelist")
        if name not in run_log.schedule():
            messages.error(request, _("%(task)s is not on the schedule.") % {"task": name})
            return back
        try:
            current_app.send_task(name, ignore_result=True, retry=False)
        except Exception as error:  # noqa: BLE001 - whatever the broker's library raises
            log.error("the broker took no task: %s", type(error).__name__)
            messages.error(request, _("The queue cannot be reached, so nothing was enqueued."))
            return back
        if run_log.worker_seems_gone(self.model, self.alias):
            messages.warning(request, _("%(task)s is in the queue.") % {"task": name} + " " + self._gone())
        else:
            messages.success(request, _("%(task)s is in the queue; reload in a moment.") % {"task": name})
        return back

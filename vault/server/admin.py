"""The vault's pages in an admin: safes, records, events, rotations to look at. No secret is shown; nothing here changes
anything: no page refunds a guess, lifts a lock, resumes or revives.

It depends on no other room, so that it is the same in the site's admin and in the vault's own on another host.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from vault.lockout import ANSWERING

from .charts import charts
from .models import Event, Record, Rotation, Safe
from .router import ALIAS

IDS = "A whole record, safe or account id: 32 hex digits"
# An inline is for a look; the event list has all of them.
_EVENTS_SHOWN = 50


class NothingChanges:
    """Looking is allowed; adding, changing, deleting and actions are not, for nobody."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).using(ALIAS)  # type: ignore[misc]


class ReadOnly(NothingChanges, ModelAdmin):  # type: ignore[misc]
    """One table, fifty rows a page. id_paths: where the three ids are found from a row."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    # Unlisted columns could be sealed bytes: each page says what it shows.
    id_paths: tuple[str, ...] = ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Exact ids in hex; binary columns have no other search that every database shares."""
        if not search_term:
            return queryset, False
        try:
            wanted = bytes.fromhex(search_term.strip())
        except ValueError:
            return queryset.none(), False
        found = Q()
        for path in self.id_paths:
            found |= Q(**{path: wanted})
        return queryset.filter(found), False


def _hex(value: bytes | None) -> str:
    return "" if value is None else value.hex()


class EventsInline(NothingChanges, TabularInline):  # type: ignore[misc]
    """What happened to a record, newest first."""

    model = Event
    fields = readonly_fields = ("number", "kind", "at", "guesses_left")
    ordering = ("-number",)
    extra = max_num = 0
    show_title = False
    can_delete = False
    verbose_name_plural = "newest events"

    def get_queryset(self, request: HttpRequest) -> Any:
        """The newest of this one record: a slice could not be narrowed to it afterwards."""
        found: QuerySet[Event] = super().get_queryset(request)
        match = request.resolver_match
        record = match.kwargs.get("object_id") if match else None
        if not str(record).isdecimal():
            return found.none()
        newest = found.filter(record_id=int(str(record))).order_by("-number").values_list("pk", flat=True)
        return found.filter(pk__in=list(newest[:_EVENTS_SHOWN]))


@admin.register(Record)
class RecordAdmin(ReadOnly):
    """One row a password registration."""

    list_display = ("record", "state", "guesses_left", "failures", "locked_until", "guessing", "epoch", "created")
    list_filter = ("state", "paused", "epoch")
    list_select_related = ("safe",)
    ordering = ("-created",)
    search_help_text = IDS
    search_fields = ("record_id",)
    id_paths = ("record_id", "safe__safe_id", "safe__account_id")
    inlines = (EventsInline,)
    fields = readonly_fields = (
        "record",
        "of_account",
        "of_safe",
        "version",
        "state",
        "epoch",
        "guesses_left",
        "failures",
        "charges",
        "locked_until",
        "guessing",
        "created",
        "activated",
        "last_proof",
        "destroyed",
        "all_events",
    )

    @admin.display(description="record", ordering="record_id")
    def record(self, row: Record) -> str:
        return _hex(row.record_id)

    @admin.display(description="account")
    def of_account(self, row: Record) -> str:
        return _hex(row.safe.account_id)

    @admin.display(description="safe")
    def of_safe(self, row: Record) -> str:
        return _hex(row.safe.safe_id)

    @admin.display(description="guessing", ordering="paused")
    def guessing(self, row: Record) -> str:
        """In words: a red cross at every record that is not paused reads like trouble."""
        if row.paused:
            return "paused by its owner"
        return "open" if row.state in {state.value for state in ANSWERING} else "none"

    @admin.display(description="events")
    def all_events(self, row: Record) -> str:
        address = f"{reverse('admin:vault_event_changelist')}?q={_hex(row.record_id)}"
        count = "1 event" if row.event_count == 1 else f"{row.event_count} events"
        return format_html('<a href="{}" class="underline">{}</a>', address, count)


@admin.register(Safe)
class SafeAdmin(ReadOnly):
    """One row a safe."""

    list_display = ("safe", "account", "registrations", "epoch", "created")
    ordering = ("-created",)
    search_help_text = IDS
    search_fields = ("safe_id",)
    id_paths = ("safe_id", "account_id", "records__record_id")
    fields = readonly_fields = ("safe", "account", "registrations", "epoch", "created", "its_records")

    @admin.display(description="safe", ordering="safe_id")
    def safe(self, row: Safe) -> str:
        return _hex(row.safe_id)

    @admin.display(description="account", ordering="account_id")
    def account(self, row: Safe) -> str:
        return _hex(row.account_id)

    @admin.display(description="records")
    def its_records(self, row: Safe) -> str:
        address = f"{reverse('admin:vault_record_changelist')}?q={_hex(row.safe_id)}"
        return format_html('<a href="{}" class="underline">its records</a>', address)


@admin.register(Event)
class EventAdmin(ReadOnly):
    """What happened to all records, under charts of the last thirty days."""

    list_display = ("at", "kind", "record_name", "number", "guesses_left", "published")
    list_filter = ("kind", "published")
    list_select_related = ("record",)
    list_before_template = "admin/vault/charts.html"
    ordering = ("-id",)
    search_help_text = IDS
    search_fields = ("record__record_id",)
    id_paths = ("record__record_id", "record__safe__safe_id", "record__safe__account_id")
    fields = readonly_fields = ("at", "kind", "record_name", "number", "guesses_left", "published")

    @admin.display(description="record")
    def record_name(self, row: Event) -> str:
        return _hex(row.record.record_id)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the charts above it."""
        drawn = {"charts": charts(timezone.now())} if self.has_view_permission(request) else {}
        response: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **drawn})
        return response


@admin.register(Rotation)
class RotationAdmin(ReadOnly):
    """Each change of the epoch key, and how far it has come."""

    list_display = ("epoch", "phase", "resealed", "closed", "started", "finished")
    ordering = ("-epoch",)
    fields = readonly_fields = ("epoch", "phase", "resealed", "closed", "dump", "started", "finished")

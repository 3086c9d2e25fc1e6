"""The vault's pages in the admin: records and safes to look at. No secret is shown; nothing here changes anything."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from .models import Record, Safe
from .router import ALIAS


class ReadOnly(ModelAdmin):  # type: ignore[misc]
    """Looking is allowed; adding, changing, deleting and actions are not, for nobody."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).using(ALIAS)


def _hex(value: bytes | None) -> str:
    return "" if value is None else value.hex()


@admin.register(Record)
class RecordAdmin(ReadOnly):
    """One row a password registration."""

    list_display = ("record", "state", "guesses_left", "failures", "locked_until", "epoch", "created")
    list_filter = ("state", "epoch")
    ordering = ("-created",)
    search_help_text = "A whole record, safe or account id, 32 hex digits"
    search_fields = ("record_id",)
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
        "created",
        "activated",
        "last_proof",
        "destroyed",
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

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Exact ids in hex; binary columns have no other search that every database shares."""
        if not search_term:
            return queryset, False
        try:
            wanted = bytes.fromhex(search_term.strip())
        except ValueError:
            return queryset.none(), False
        found = queryset.filter(record_id=wanted) | queryset.filter(safe__safe_id=wanted)
        return found | queryset.filter(safe__account_id=wanted), False


@admin.register(Safe)
class SafeAdmin(ReadOnly):
    """One row a safe."""

    list_display = ("safe", "account", "registrations", "created")
    ordering = ("-created",)
    fields = readonly_fields = ("safe", "account", "registrations", "epoch", "created")

    @admin.display(description="safe", ordering="safe_id")
    def safe(self, row: Safe) -> str:
        return _hex(row.safe_id)

    @admin.display(description="account", ordering="account_id")
    def account(self, row: Safe) -> str:
        return _hex(row.account_id)

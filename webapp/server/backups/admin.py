"""Safes and snapshots for the operator: sizes, times and counts. Read only; there is nothing here to read a chat by."""

from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from . import quota_admin
from .models import Safe, Snapshot

__all__ = ["quota_admin"]  # importing it registers its page


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]
    """Looks, never touches: what changes a backup is its owner's proof."""

    actions = None
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Safe)
class SafeAdmin(ReadOnlyAdmin):
    """One line a safe."""

    list_display = ("short_name", "account", "size", "snapshot_count", "last_snapshot", "created")
    list_select_related = ("account",)
    search_fields = ("account__email",)
    date_hierarchy = "created"
    fields = ("short_name", "account", "size", "snapshot_count", "last_snapshot", "created")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Safe]:
        safes = super().get_queryset(request)
        return safes.annotate(snapshot_number=Count("snapshots"), newest_snapshot=Max("snapshots__created"))  # type: ignore[no-any-return]

    @admin.display(description=_("safe"))
    def short_name(self, safe: Safe) -> str:
        return str(safe.safe_id.hex()[:8])

    @admin.display(description=_("stored"), ordering="stored_bytes")
    def size(self, safe: Safe) -> str:
        return str(filesizeformat(safe.stored_bytes))

    @admin.display(description=_("snapshots"), ordering="snapshot_number")
    def snapshot_count(self, safe: Safe) -> int:
        return int(getattr(safe, "snapshot_number", 0))

    @admin.display(description=_("last snapshot"), ordering="newest_snapshot")
    def last_snapshot(self, safe: Safe) -> object:
        return getattr(safe, "newest_snapshot", None)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """One line a snapshot."""

    list_display = ("short_name", "account", "safe_name", "chunk_count", "size", "manifest_size", "created")
    list_select_related = ("safe__account",)
    search_fields = ("safe__account__email",)
    date_hierarchy = "created"
    fields = ("short_name", "account", "safe_name", "chunk_count", "size", "manifest_size", "created")
    readonly_fields = fields

    @admin.display(description=_("snapshot"))
    def short_name(self, snapshot: Snapshot) -> str:
        return str(snapshot.snapshot_id.hex()[:8])

    @admin.display(description=_("safe"))
    def safe_name(self, snapshot: Snapshot) -> str:
        return str(snapshot.safe.safe_id.hex()[:8])

    @admin.display(description=_("account"), ordering="safe__account")
    def account(self, snapshot: Snapshot) -> str:
        return str(snapshot.safe.account)

    @admin.display(description=_("bytes in chunks"), ordering="chunk_bytes")
    def size(self, snapshot: Snapshot) -> str:
        return str(filesizeformat(snapshot.chunk_bytes))

    @admin.display(description=_("manifest"), ordering="manifest_bytes")
    def manifest_size(self, snapshot: Snapshot) -> str:
        return str(filesizeformat(snapshot.manifest_bytes))

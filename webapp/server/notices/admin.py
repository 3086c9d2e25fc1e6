"""Mails in the admin: what is owed to whom and since when; never a subject or a body, which may hold a code."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from .models import Mail


@admin.register(Mail)
class MailAdmin(ModelAdmin):
    """Read-only."""

    list_display = ["id", "to", "state", "created", "attempts", "next_attempt", "sent"]
    list_filter = ["state"]
    ordering = ["-id"]
    fields = ["to", "sender", "state", "created", "attempts", "next_attempt", "sent"]
    readonly_fields = fields

    @admin.display(description=_("recipients"))
    def to(self, mail: Mail) -> str:
        return ", ".join(mail.recipients)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

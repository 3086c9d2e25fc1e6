"""Storage limits of single accounts: the one thing about backups that an operator may change."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from .models import Quota
from .selectors import stored_bytes

GIGABYTE = 1000**3


class QuotaForm(forms.ModelForm):  # type: ignore[type-arg]
    """In gigabytes, as the site's own limit is set."""

    gigabytes = forms.DecimalField(
        label=_("Gigabytes"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=3,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("What the account may store. Less than it stores now deletes nothing; it takes in nothing more."),
    )

    class Meta:
        model = Quota
        fields = ("account",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["gigabytes"].initial = self.instance.bytes / GIGABYTE

    def save(self, commit: bool = True) -> Any:
        self.instance.bytes = int(self.cleaned_data["gigabytes"] * GIGABYTE)
        return super().save(commit)


@admin.register(Quota)
class QuotaAdmin(ModelAdmin):  # type: ignore[misc]
    """Added for an account, changed, and taken away again: then the site's own limit holds."""

    form = QuotaForm
    actions = None
    list_display = ("account", "limit", "stored")
    list_select_related = ("account",)
    search_fields = ("account__email",)
    autocomplete_fields = ("account",)
    fields = ("account", "gigabytes")

    def get_readonly_fields(self, request: HttpRequest, obj: Quota | None = None) -> tuple[str, ...]:
        return ("account",) if obj is not None else ()

    @admin.display(description=_("limit"), ordering="bytes")
    def limit(self, quota: Quota) -> str:
        return str(quota)

    @admin.display(description=_("stored"))
    def stored(self, quota: Quota) -> str:
        return f"{stored_bytes(quota.account) / GIGABYTE:.1f} GB"

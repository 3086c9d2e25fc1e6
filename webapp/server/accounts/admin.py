"""Accounts in the admin: who is here, and the switches an operator needs. Nothing here opens a backup."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from .models import Account, Departure

# Session keys, second factors and "verified" marks would each let staff become somebody else.
for _model in (EmailAddress, EmailConfirmation, Authenticator, UserSession, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(Account)
class AccountAdmin(ModelAdmin):
    """Switching off and naming staff; an address is changed by its owner alone."""

    list_display = ["email", "joined", "last_login", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email"]
    ordering = ["-joined"]
    fields = ["email", "account_id", "joined", "last_login", "leaves", "held", "is_active", "is_staff", "is_superuser"]
    readonly_fields = ["email", "account_id", "joined", "last_login", "leaves", "held"]

    @admin.display(description=_("account id"))
    def account_id(self, account: Account) -> str:
        return bytes(account.public_id).hex()

    @admin.display(description=_("deletion asked for"))
    def leaves(self, account: Account) -> object:
        found = Departure.objects.filter(account=account).first()
        return None if found is None else found.due

    @admin.display(description=_("what we hold"))
    def held(self, account: Account) -> str:
        address = reverse("admin:accounts_account_hand_over", args=[account.pk])
        return format_html('<a href="{}">{}</a>', address, _("What can we hand over?"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.hand_over)
        return [path("<str:pk>/hand-over/", page, name="accounts_account_hand_over"), *super().get_urls()]

    def hand_over(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Everything that is held about one account; for who may see accounts."""
        # Imported when asked for: what lays the tables open stands above the rooms that own them.
        from webapp.server.holdings.admin_page import hand_over

        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return hand_over(request, self.admin_site, pk)

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        """Only a superuser names staff, and nobody changes their own switches by accident."""
        fields = list(self.readonly_fields)
        if not request.user.is_superuser or obj == request.user:
            fields += ["is_staff", "is_superuser"]
        if obj == request.user:
            fields.append("is_active")
        return fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return False

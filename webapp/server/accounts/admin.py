"""Accounts in the admin: who is here, and the switches an operator needs. Nothing here opens a backup."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from .models import Account

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
    fields = ["email", "account_id", "joined", "last_login", "is_active", "is_staff", "is_superuser"]
    readonly_fields = ["email", "account_id", "joined", "last_login"]

    @admin.display(description=_("account id"))
    def account_id(self, account: Account) -> str:
        return bytes(account.public_id).hex()

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

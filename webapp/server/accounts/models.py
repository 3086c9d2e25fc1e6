"""An account: an e-mail address that signs in by a code, and the id under which everything else knows it."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PUBLIC_ID_BYTES = 16
TOKEN_NAME_LETTERS = 64


def new_public_id() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(PUBLIC_ID_BYTES)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; an address is kept in lower case, so that one mailbox is one account."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        """A new account; without a password (the usual case) none will ever match."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Account":
        """An account that may do everything in the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """public_id: 16 random bytes, the only name of this account outside the site (tickets, vault, bindings)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    public_id = models.BinaryField(max_length=PUBLIC_ID_BYTES, unique=True, editable=False, default=new_public_id)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off, the account cannot sign in; nothing is deleted.")
    )
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the admin pages."))
    joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["-joined"]
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_ignoring_case")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()


class AppToken(models.Model):
    """A token that a program signs in with. digest: SHA-256 of its 32 random bytes; the token itself is not kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_tokens")
    name = models.CharField(_("name"), max_length=TOKEN_NAME_LETTERS)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    scopes = models.CharField(_("allowed"), max_length=64)
    """Names of Scope, with a space between them."""
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("app token")
        verbose_name_plural = _("app tokens")
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def allowed(self) -> frozenset[str]:
        """The scopes it has."""
        return frozenset(self.scopes.split())


class Departure(models.Model):
    """An account that is to be deleted. ending: the days of grace are over, nothing brings it back any more."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="departure")
    asked = models.DateTimeField(_("asked for"))
    due = models.DateTimeField(_("deleted after"), db_index=True)
    ending = models.BooleanField(_("being deleted"), default=False)

    class Meta:
        verbose_name = _("account deletion")
        verbose_name_plural = _("account deletions")

    def __str__(self) -> str:
        return f"deletion {self.pk}"

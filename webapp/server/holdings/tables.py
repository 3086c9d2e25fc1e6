"""Every table with rows about an account. A table that is missing here fails a test, and so does a column."""

import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from webapp.server.accounts.models import Account
from webapp.server.backups.storage.names import chunk_name, snapshot_names

from .table import Row, Table

# Tables of this site's own running, which know no account.
ABOUT_NOBODY = {
    "auth.Permission": "what staff can be allowed to do",
    "auth.Group": "names of groups of staff",
    "auth.Group_permissions": "what such a group may do",
    "contenttypes.ContentType": "names of tables",
    "ops.TaskRun": "when background tasks ran",
}

_INTERNAL = "a number of this site's own"
_DIGEST = "the SHA-256 of random bytes that are kept nowhere"


def addresses(account: Account) -> list[str]:
    """Every address that is or was to become the account's, lower case."""
    others = EmailAddress.objects.filter(user=account).values_list("email", flat=True)
    return sorted({account.email.lower(), *(address.lower() for address in others)})


def mails_of(account: Account, mails: QuerySet[Any]) -> QuerySet[Any]:
    """Mails to any of the account's addresses."""
    wanted = Q(pk__in=[])
    for address in addresses(account):
        # SQLite keeps JSON as it was written, PostgreSQL its own way.
        wanted |= Q(listed__icontains=json.dumps(address)) | Q(listed__icontains=f'"{address}"')
    return mails.annotate(listed=Cast("recipients", TextField())).filter(wanted)


def _user(account: Account, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(user=account)


def _account(account: Account, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(account=account)


def _of_safes(account: Account, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(safe__account=account).select_related("safe")


def _named_safe(row: Any) -> Row:
    return {"safe": row.safe.safe_id.hex()}


def _chunk(row: Any) -> Row:
    safe = row.safe.safe_id
    return {"safe": safe.hex(), "object": chunk_name(safe, row.chunk_id, row.sha256)}


def _snapshot(row: Any) -> Row:
    safe = row.safe.safe_id
    return {"safe": safe.hex(), "objects": snapshot_names(safe, row.snapshot_id, row.head)}


def _second_factor(row: Any) -> Row:
    return {"name": row.data["name"]} if "name" in row.data else {}


TABLES = (
    Table(
        "accounts.Account",
        "The account",
        lambda account, rows: rows.filter(pk=account.pk),
        ("email", "public_id", "joined", "last_login", "is_active", "is_staff", "is_superuser"),
        {
            "id": _INTERNAL,
            "password": "a random mark that no password fits; for staff who set one, its hash (Argon2)",
        },
    ),
    Table(
        "account.EmailAddress",
        "E-mail addresses",
        _user,
        ("email", "verified", "primary"),
        {"id": _INTERNAL, "user_id": _INTERNAL},
    ),
    Table(
        "account.EmailConfirmation",
        "Confirmations of an address",
        lambda account, rows: rows.filter(email_address__user=account),
        ("created", "sent"),
        {"id": _INTERNAL, "email_address_id": _INTERNAL, "key": "would confirm the address for whoever reads it"},
    ),
    Table(
        "usersessions.UserSession",
        "Sessions",
        _user,
        ("created_at", "last_seen_at", "ip", "user_agent", "data"),
        {"id": _INTERNAL, "user_id": _INTERNAL, "session_key": "would sign whoever reads it in"},
    ),
    Table(
        "sessions.Session",
        "What the sessions remember",
        lambda account, rows: rows.filter(
            session_key__in=UserSession.objects.filter(user=account).values("session_key")
        ),
        ("expire_date",),
        {
            "session_key": "would sign whoever reads it in",
            "session_data": "the account's number, its sign-ins, a code that waits to be typed, messages not shown yet",
        },
    ),
    Table(
        "mfa.Authenticator",
        "Second factors and passkeys for signing in",
        _user,
        ("type", "created_at", "last_used_at"),
        {"id": _INTERNAL, "user_id": _INTERNAL, "data": "a secret sealed by this site, or a passkey's public key"},
        _second_factor,
    ),
    Table(
        "accounts.AppToken",
        "App tokens",
        _account,
        ("name", "scopes", "created", "last_used"),
        {"id": _INTERNAL, "account_id": _INTERNAL, "digest": _DIGEST},
    ),
    Table(
        "accounts.Departure",
        "The account's deletion, if it was asked for",
        _account,
        ("asked", "due", "ending"),
        {"id": _INTERNAL, "account_id": _INTERNAL},
    ),
    Table(
        "accounts.Account_groups",
        "Groups of staff",
        _account,
        ("group_id",),
        {"id": _INTERNAL, "account_id": _INTERNAL},
    ),
    Table(
        "accounts.Account_user_permissions",
        "Permissions of staff",
        _account,
        ("permission_id",),
        {"id": _INTERNAL, "account_id": _INTERNAL},
    ),
    Table(
        "admin.LogEntry",
        "What a member of staff changed in the admin",
        _user,
        ("action_time", "object_id", "object_repr", "action_flag", "change_message"),
        {"id": _INTERNAL, "user_id": _INTERNAL, "content_type_id": _INTERNAL},
    ),
    Table(
        "backups.Safe",
        "Safes",
        _account,
        (
            *("safe_id", "owner_public_key", "key_check", "head", "stored_bytes", "created"),
            *("trashed", "purge_after", "touched", "warned_days", "warned"),
        ),
        {"id": _INTERNAL, "account_id": _INTERNAL, "removals": "how often something was removed from it"},
    ),
    Table(
        "backups.Quota",
        "A storage limit of its own",
        _account,
        ("bytes",),
        {"id": _INTERNAL, "account_id": _INTERNAL},
    ),
    Table(
        "backups.KeepRule",
        "Rules for which backups stay",
        _of_safes,
        ("last", "daily", "weekly", "monthly"),
        {"id": _INTERNAL, "safe_id": _INTERNAL},
        _named_safe,
    ),
    Table(
        "backups.Rehearsal",
        "Rehearsals of a restore",
        _of_safes,
        ("snapshot_id", "made", "passed", "chunks", "missing", "sampled", "failure"),
        {"id": _INTERNAL, "safe_id": _INTERNAL},
        _named_safe,
    ),
    Table(
        "backups.Reminder",
        "Reminders",
        _of_safes,
        ("kind", "step", "due"),
        {"id": _INTERNAL, "safe_id": _INTERNAL},
        _named_safe,
    ),
    Table(
        "backups.Passkey",
        "Passkeys that open a safe",
        _of_safes,
        ("passkey_id", "credential_id", "name", "beside", "created", "last_used"),
        {
            "id": _INTERNAL,
            "safe_id": _INTERNAL,
            "wrapped_key": "60 sealed bytes that open only with what the passkey itself gives",
        },
        _named_safe,
    ),
    Table(
        "backups.Snapshot",
        "Backups",
        _of_safes,
        (
            *("snapshot_id", "created", "head", "previous_head", "manifest_sha256", "manifest_bytes", "ids_sha256"),
            *("chunk_count", "chunk_bytes", "trashed", "purge_after"),
        ),
        {"id": _INTERNAL, "safe_id": _INTERNAL},
        _snapshot,
    ),
    Table(
        "backups.Chunk",
        "Sealed pieces",
        _of_safes,
        ("chunk_id", "sha256", "size", "created", "scrubbed", "damaged"),
        {"id": _INTERNAL, "safe_id": _INTERNAL},
        _chunk,
    ),
    Table(
        "backups.Removal",
        "Sealed pieces that are being deleted",
        lambda account, rows: rows.filter(safe_id__in=account.safes.values("safe_id")),
        ("safe_id", "name", "since", "deleting", "taken"),
        {"id": _INTERNAL},
    ),
    Table(
        "backups.OwnerNonce",
        "Random numbers that wait for a signature",
        _account,
        ("expires",),
        {"id": _INTERNAL, "account_id": _INTERNAL, "nonce_sha256": _DIGEST},
    ),
    Table(
        "notices.Mail",
        "Mails",
        mails_of,
        ("recipients", "sender", "state", "created", "attempts", "next_attempt", "sent"),
        {
            "id": _INTERNAL,
            "lease": _INTERNAL,
            "headers": "technical, without a word of the content",
            "subject": "empty once the mail is delivered; before, it may hold a code that signs in",
            "text": "empty once the mail is delivered; before, it may hold a code that signs in",
            "html": "empty once the mail is delivered; before, it may hold a code that signs in",
        },
    ),
    Table(
        "notices.VaultEvent",
        "What the key vault told about passwords",
        lambda account, rows: rows.filter(account_id=bytes(account.public_id)),
        ("safe_id", "record_id", "number", "kind", "at", "guesses_left", "locked_until", "state", "received"),
        {"id": _INTERNAL, "head": "a digest in the vault's own history", "account_id": "the account's id, as above"},
    ),
    Table(
        "notices.NotMeLink",
        "“This wasn't me” links in mails",
        _account,
        ("expires", "used"),
        {"id": _INTERNAL, "account_id": _INTERNAL, "digest": _DIGEST},
    ),
    Table(
        "notices.GuessingPause",
        "A pause of guessing",
        _account,
        ("wanted", "since", "settled"),
        {"id": _INTERNAL, "account_id": _INTERNAL},
    ),
)

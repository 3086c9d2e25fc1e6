"""What the site knows of a person's backups: ids, sizes, times and digests of sealed bytes.

The id-list of a snapshot is one sorted object in the store, not a table of (snapshot, chunk) rows. At a million chunks
a safe, a year of daily snapshots would be 365 million rows and as many index entries, written inside the commit; as
objects they are 32 bytes an entry. Collection walks the sorted lists of the snapshots that stay and the chunks of
the safe, which the unique index hands out in the same order, side by side: linear time, one buffer a list.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import FixedBinaryField
from .limits import CREDENTIAL_BYTES, NAME_LETTERS, WRAPPED_KEY_BYTES


class Safe(models.Model):
    """One backup key's room: the public half of its owner's key, and the newest snapshot's head."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="safes", verbose_name=_("account")
    )
    safe_id = FixedBinaryField(length=16, unique=True)
    owner_public_key = FixedBinaryField(length=32)
    key_check = FixedBinaryField(length=16)
    head = FixedBinaryField(length=32, null=True)
    stored_bytes = models.PositiveBigIntegerField(_("stored bytes"), default=0)
    removals = models.PositiveBigIntegerField(default=0)
    """Raised by whatever removes chunk rows, in the same transaction: a commit that checked its chunks before then
    checks again."""
    created = models.DateTimeField(_("created"), auto_now_add=True)
    trashed = models.DateTimeField(_("in the trash since"), null=True)
    purge_after = models.DateTimeField(_("deleted after"), null=True, db_index=True)
    """From then on the safe is gone for everybody, and the sweep removes what it stored."""
    touched = models.DateTimeField(_("last used"), default=timezone.now, db_index=True)
    """When its owner last backed up, restored, or said that it is to stay; to the day. Expiry counts from here."""
    warned_days = models.PositiveSmallIntegerField(null=True)
    """The last warning's days: 30, 7 or 1. Null: none since it was last used."""
    warned = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("safe")
        verbose_name_plural = _("safes")
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return bytes(self.safe_id).hex()


class Quota(models.Model):
    """What one account may store, where it is not the site's own limit."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quota", verbose_name=_("account")
    )
    bytes = models.PositiveBigIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")

    def __str__(self) -> str:
        return f"{self.bytes / 1000**3:.1f} GB"


class KeepRule(models.Model):
    """Which snapshots of a safe stay when new ones come, as its owner signed it. No row: all of them."""

    safe = models.OneToOneField(Safe, on_delete=models.CASCADE, related_name="keep_rule", verbose_name=_("safe"))
    last = models.PositiveSmallIntegerField(_("the last"))
    daily = models.PositiveSmallIntegerField(_("days"))
    weekly = models.PositiveSmallIntegerField(_("weeks"))
    monthly = models.PositiveSmallIntegerField(_("months"))

    def __str__(self) -> str:
        return f"{self.last} last, {self.daily} daily, {self.weekly} weekly, {self.monthly} monthly"


class Rehearsal(models.Model):
    """What the owner's own rehearsal of a restore found. The site could not find it out itself."""

    safe = models.ForeignKey(Safe, on_delete=models.CASCADE, related_name="rehearsals", verbose_name=_("safe"))
    snapshot_id = FixedBinaryField(length=16)
    made = models.DateTimeField(_("made"))
    passed = models.BooleanField(_("passed"))
    chunks = models.PositiveIntegerField(_("chunks"))
    missing = models.PositiveIntegerField(_("missing"))
    sampled = models.PositiveIntegerField(_("opened"))
    failure = models.CharField(max_length=64, blank=True)
    """The code of the error that ended it; empty where none did."""

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")

    def __str__(self) -> str:
        return f"{self.made:%Y-%m-%d}: {'passed' if self.passed else 'failed'}"


class Reminder(models.Model):
    """When the owner is asked next about password or key, or mailed about a rehearsal (reminding.py)."""

    safe = models.ForeignKey(
        Safe, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("safe"), db_index=False
    )
    kind = models.CharField(max_length=16)
    step = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(null=True, db_index=True)
    """Null: not again."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("safe", "kind"), name="backups_reminder_once_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind}, step {self.step}"


class Removal(models.Model):
    """An object that no row counts any more and that is to be deleted from the store (services/removals.py)."""

    safe_id = FixedBinaryField(length=16)
    name = models.CharField(max_length=255, unique=True)
    deleting = models.BooleanField(default=False, db_index=True)
    """The store may have lost it already: whoever wants the name again has to wait."""
    taken = models.DateTimeField(null=True)
    """Since when a sweep works on it. Null: none does."""
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.name)


class Chunk(models.Model):
    """One sealed chunk that is whole in the store under chunk_name(safe, chunk_id, sha256)."""

    safe = models.ForeignKey(Safe, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    chunk_id = FixedBinaryField(length=32)
    sha256 = FixedBinaryField(length=32)
    size = models.PositiveIntegerField(_("size in bytes"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    scrubbed = models.DateTimeField(null=True)
    """When its bytes were last read and found whole."""
    damaged = models.DateTimeField(null=True)
    """When a scrub found them broken: from then on the chunk counts as lacking, and the next upload replaces it."""

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        constraints = (models.UniqueConstraint(fields=("safe", "chunk_id"), name="backups_chunk_once_a_safe"),)

    def __str__(self) -> str:
        return bytes(self.chunk_id).hex()


class Snapshot(models.Model):
    """One committed backup, never changed. Manifest and id-list lie in the store under names made of its head."""

    safe = models.ForeignKey(
        Safe, on_delete=models.PROTECT, related_name="snapshots", verbose_name=_("safe"), db_index=False
    )
    snapshot_id = FixedBinaryField(length=16)
    head = FixedBinaryField(length=32)
    previous_head = FixedBinaryField(length=32, null=True)
    manifest_sha256 = FixedBinaryField(length=32)
    manifest_bytes = models.PositiveBigIntegerField(_("manifest bytes"))
    ids_sha256 = FixedBinaryField(length=32)
    chunk_count = models.PositiveIntegerField(_("chunks"))
    chunk_bytes = models.PositiveBigIntegerField(_("bytes in chunks"))
    created = models.DateTimeField(_("created"))
    trashed = models.DateTimeField(_("in the trash since"), null=True)
    purge_after = models.DateTimeField(_("deleted after"), null=True, db_index=True)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("-created", "-pk")
        constraints = (models.UniqueConstraint(fields=("safe", "snapshot_id"), name="backups_snapshot_once_a_safe"),)

    def __str__(self) -> str:
        return bytes(self.snapshot_id).hex()


class Passkey(models.Model):
    """K once more, wrapped under what one passkey's PRF gives in the browser. The site never sees that value."""

    safe = models.ForeignKey(
        Safe, on_delete=models.CASCADE, related_name="passkeys", verbose_name=_("safe"), db_index=False
    )
    passkey_id = FixedBinaryField(length=16)
    credential_id = models.BinaryField(max_length=CREDENTIAL_BYTES)
    wrapped_key = FixedBinaryField(length=WRAPPED_KEY_BYTES)
    name = models.CharField(_("name"), max_length=NAME_LETTERS)
    beside = models.CharField(max_length=8)
    """The other protector that its owner has proved and signed for: a passkey is never the only one."""
    created = models.DateTimeField(_("created"), auto_now_add=True)
    last_used = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ("created", "pk")
        constraints = (models.UniqueConstraint(fields=("safe", "passkey_id"), name="backups_passkey_once_a_safe"),)

    def __str__(self) -> str:
        return bytes(self.passkey_id).hex()


class OwnerNonce(models.Model):
    """A nonce waiting to be signed, as its digest: the table alone lets nobody sign anything."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nonce_sha256 = FixedBinaryField(length=32, unique=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"nonce until {self.expires:%H:%M:%S}"

"""The vault's tables, on the alias "vault". Every secret in them is sealed by custody; every counter carries its MAC.

A record's life: pending (its key answered one registration) → active → destroyed. A replacement waits as `staged` until
it was proved, then becomes active while the old one is destroyed. Destroying sets every sealed column to NULL in the
statement that changes the state.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from vault.lockout import State

from .fields import BytesField

ID_BYTES = 16


class Identity(models.Model):
    """The vault's own keys: one row. sealed: OPAQUE private key (32) ‖ Ed25519 seed (32)."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    opaque_public_key = BytesField(max_length=32)
    signing_public_key = BytesField(max_length=32)
    epoch = models.PositiveIntegerField()
    sealed = BytesField()
    created = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identity"

    def __str__(self) -> str:
        return "vault identity"


class Safe(models.Model):
    """One safe of one account: who may change it (owner_public_key) and its newest snapshot's head. No address.

    registrations: answered ever, the next record's version − 1. mac: custody's, over all of it.
    """

    account_id = BytesField(max_length=ID_BYTES)
    safe_id = BytesField(max_length=ID_BYTES, unique=True)
    owner_public_key = BytesField(max_length=32)
    head = BytesField(max_length=32, null=True)
    registrations = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField()
    mac = BytesField(max_length=32)
    created = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_id"], name="vault_safe_account")]

    def __str__(self) -> str:
        return f"safe {bytes(self.safe_id).hex()}"


class Record(models.Model):
    """One password registration. sealed_evaluation: OPRF key (32), then the registration record (192) once active;
    sealed_wrapped_key: K wrapped by the owner (60). counter_mac: custody's, over state, version, counters, lock and
    event chain."""

    STATES: ClassVar[list[tuple[str, str]]] = [
        (State.PENDING.value, "pending"),
        (State.ACTIVE.value, "active"),
        (State.STAGED.value, "staged"),
        (State.DESTROYED.value, "destroyed"),
    ]

    record_id = BytesField(max_length=ID_BYTES, unique=True)
    safe = models.ForeignKey(Safe, on_delete=models.CASCADE, related_name="records")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES)
    epoch = models.PositiveIntegerField()

    guesses_left = models.PositiveSmallIntegerField()
    failures = models.PositiveIntegerField(default=0)
    charges = models.PositiveBigIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    pending_until = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    event_count = models.PositiveBigIntegerField(default=0)
    event_head = BytesField(max_length=32, null=True)
    counter_mac = BytesField(max_length=32)

    sealed_evaluation = BytesField(null=True)
    sealed_wrapped_key = BytesField(null=True)
    content = BytesField(max_length=32, null=True)

    created = models.DateTimeField()
    activated = models.DateTimeField(null=True)
    last_proof = models.DateTimeField(null=True)
    destroyed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["safe"], condition=Q(state="active"), name="vault_one_active"),
            models.UniqueConstraint(fields=["safe"], condition=Q(state="staged"), name="vault_one_staged"),
            models.UniqueConstraint(fields=["safe", "version"], name="vault_one_version"),
            models.CheckConstraint(
                condition=~Q(state="destroyed")
                | Q(sealed_evaluation__isnull=True, sealed_wrapped_key__isnull=True, content__isnull=True),
                name="vault_destroyed_means_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "guesses_left"], name="vault_record_state"),
            models.Index(fields=["epoch"], name="vault_record_epoch"),
        ]

    def __str__(self) -> str:
        return f"record {bytes(self.record_id).hex()}"


class LoginState(models.Model):
    """What the vault keeps between KE1 and KE3; the row is written with the charge, `sealed` once KE2 is computed.

    sealed: KE2 (320) ‖ expected client MAC (64) ‖ session key (64). guesses_left: after this charge.
    mac: custody's, over everything but `sealed`, so that only the KE1 that was charged is ever evaluated.
    """

    login_id = BytesField(max_length=ID_BYTES, unique=True)
    ticket_id = BytesField(max_length=32, unique=True)
    request_id = BytesField(max_length=ID_BYTES)
    ke1_digest = BytesField(max_length=32)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="logins")
    version = models.PositiveIntegerField()
    charge = models.PositiveBigIntegerField()
    guesses_left = models.PositiveSmallIntegerField()
    epoch = models.PositiveIntegerField()
    mac = BytesField(max_length=32)
    sealed = BytesField(null=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"login {bytes(self.login_id).hex()}"


class ClockMark(models.Model):
    """The latest time the database was seen to tell: one row. stopped: when it was seen to tell an earlier one; until
    the operator re-arms the waits nothing is evaluated. mac: custody's, over both."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    latest = models.DateTimeField()
    stopped = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField()
    mac = BytesField(max_length=32)

    def __str__(self) -> str:
        return "clock mark"


class Event(models.Model):
    """What happened to a record: one link of its hash chain, committed with the change it describes.

    number: 1 upwards; head: SHA-256 over the head before and this event (services/events.py), the newest of which
    stands in the record under its MAC. guesses_left: after it. published: the site has taken it from the feed.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    guesses_left = models.PositiveSmallIntegerField()
    head = BytesField(max_length=32)
    published = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="vault_event_once")]
        indexes = [
            models.Index(fields=["at"], name="vault_event_time"),
            models.Index(fields=["id"], condition=Q(published=False), name="vault_event_unpublished"),
        ]

    def __str__(self) -> str:
        return f"event {self.number}: {self.kind}"


class Rotation(models.Model):
    """One change of the epoch key, and how far it has come. resealed: rows so far; closed: rows that do not match
    their MAC and stay behind; dump: the verified dump under the new key."""

    PHASES: ClassVar[list[tuple[str, str]]] = [
        ("resealing", "sealing rows anew"),
        ("dumping", "writing and verifying a dump"),
        ("destroying", "destroying the old key"),
        ("done", "done"),
    ]

    epoch = models.PositiveIntegerField(unique=True)
    phase = models.CharField(max_length=10, choices=PHASES, default="resealing")
    resealed = models.PositiveBigIntegerField(default=0)
    closed = models.PositiveBigIntegerField(default=0)
    dump = models.TextField(default="", blank=True)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"rotation to epoch {self.epoch}: {self.phase}"


class SweepRun(models.Model):
    """One row a task of the vault's own worker, where the vault has a host of its own (vault/host/run_log.py)."""

    name = models.CharField(max_length=100, unique=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=200, blank=True)
    runs = models.PositiveBigIntegerField(default=0)
    recent = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class SpentTicket(models.Model):
    """A ticket that had its effect. Kept past its expiry, so that a clock set back cannot revive it."""

    ticket_id = BytesField(max_length=32, unique=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"ticket {bytes(self.ticket_id).hex()}"

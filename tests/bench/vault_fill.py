"""Many records, as the vault itself would have made them, with random keys in them: real seals, real MACs."""

import secrets

from django.db import connections

from vault.lockout import GuessRecord, State
from vault.server.clock import database_now
from vault.server.models import Record, Safe
from vault.server.services import counter, sealing

_BATCH = 1000


def fill(count: int) -> None:
    """`count` safes with an active record each, in bulk; then the database's statistics are brought up to date."""
    now, epoch = database_now(), sealing.current_epoch()
    for first in range(0, count, _BATCH):
        safes = [
            Safe(
                account_id=secrets.token_bytes(16),
                safe_id=secrets.token_bytes(16),
                owner_public_key=secrets.token_bytes(32),
                registrations=1,
                epoch=epoch,
                created=now,
            )
            for _ in range(min(_BATCH, count - first))
        ]
        for safe in safes:
            sealing.vouch_safe(safe)
        Safe.objects.using("vault").bulk_create(safes)
        Record.objects.using("vault").bulk_create([_record(safe, epoch) for safe in safes])
    with connections["vault"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _record(safe: Safe, epoch: int) -> Record:
    record = Record(record_id=secrets.token_bytes(16), safe=safe, version=1, epoch=epoch, created=safe.created)
    record.state, record.guesses_left = State.ACTIVE.value, GuessRecord().guesses_left
    record.sealed_evaluation = sealing.seal_evaluation(record, secrets.token_bytes(32), secrets.token_bytes(192))
    record.sealed_wrapped_key = sealing.seal_wrapped_key(record, secrets.token_bytes(60))
    record.counter_mac = counter.vouch(record)
    return record

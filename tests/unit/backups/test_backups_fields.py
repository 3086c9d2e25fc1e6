"""Binary columns hold exactly their length, in Python and in the database."""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from webapp.server.accounts.models import Account
from webapp.server.backups.fields import FixedBinaryField
from webapp.server.backups.models import Safe

pytestmark = pytest.mark.django_db


def make_safe(**other: Any) -> Safe:
    account, _ = Account.objects.get_or_create(email="a@example.org")
    values = {"safe_id": b"s" * 16, "owner_public_key": b"k" * 32, "key_check": b"c" * 16} | other
    return Safe.objects.create(account=account, **values)


@pytest.mark.parametrize("length", [0, 15, 17])
def test_another_length_is_refused_before_the_query(length: int) -> None:
    with pytest.raises(ValueError, match="takes exactly 16 bytes"):
        make_safe(safe_id=bytes(length))


def test_another_length_is_refused_in_a_look_up_too() -> None:
    with pytest.raises(ValueError, match="takes exactly 16 bytes"):
        Safe.objects.filter(safe_id=b"short").exists()


@pytest.mark.parametrize("length", [15, 17])
def test_the_database_itself_refuses_another_length(length: int) -> None:
    safe = make_safe()
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("UPDATE backups_safe SET key_check = %s WHERE id = %s", [bytes(length), safe.pk])


def test_values_come_back_as_bytes() -> None:
    make_safe(head=memoryview(b"h" * 32))
    safe = Safe.objects.get(safe_id=bytearray(b"s" * 16))
    assert type(safe.safe_id) is bytes
    assert safe.head == b"h" * 32


def test_none_is_none() -> None:
    make_safe()
    assert Safe.objects.get(head=None).head is None


def test_the_length_survives_a_migration() -> None:
    _, path, args, kwargs = FixedBinaryField(length=16, unique=True).deconstruct()
    assert path == "webapp.server.backups.fields.FixedBinaryField"
    assert (args, kwargs) == ([], {"length": 16, "unique": True})

"""A column of bytes that is read as bytes on every database."""

from typing import Any

from django.db import models


class BytesField(models.BinaryField):  # type: ignore[type-arg]
    """BinaryField whose values are always `bytes` (PostgreSQL's driver gives memoryview)."""

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:
        return None if value is None else bytes(value)

"""Binary columns of one exact length, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db import models


class FixedBinaryField(models.BinaryField):  # type: ignore[type-arg]
    """`length` bytes, no more and no fewer: checked before the query and by a CHECK constraint in the database.

    Values are read back as `bytes` (some drivers hand out memoryviews). Raises ValueError for another length.
    """

    def __init__(self, *args: Any, length: int, **kwargs: Any) -> None:
        self.length = length
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["length"] = self.length
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        exact = bytes(value)
        if len(exact) != self.length:
            raise ValueError(f"{self.name} takes exactly {self.length} bytes, not {len(exact)}")
        return exact

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared=True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def db_check(self, connection: Any) -> str:
        """Both engines count the bytes of a blob with `length`."""
        return f"length({connection.ops.quote_name(self.column)}) = {self.length}"

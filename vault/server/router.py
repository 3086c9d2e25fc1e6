"""The vault's tables live in the vault's database and nowhere else."""

from typing import Any

ALIAS = "vault"
LABEL = "vault"


class VaultRouter:
    """Label "vault" goes to alias "vault", everything else to "default"; relations never cross."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return ALIAS if model._meta.app_label == LABEL else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return ALIAS if model._meta.app_label == LABEL else "default"

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return bool((obj1._meta.app_label == LABEL) == (obj2._meta.app_label == LABEL))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == ALIAS) == (app_label == LABEL)

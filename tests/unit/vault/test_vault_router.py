"""The vault's rows live in the vault's database and nowhere else."""

import pytest
from django.db import connections, router

from vault.server.models import LoginState, Record, Safe
from webapp.server.accounts.models import Account


def test_each_model_reads_and_writes_in_its_own_database():
    for model in (Record, Safe, LoginState):
        assert router.db_for_read(model) == router.db_for_write(model) == "vault"
    assert router.db_for_read(Account) == router.db_for_write(Account) == "default"


def test_relations_never_cross():
    assert router.allow_relation(Record(), Safe())
    assert not router.allow_relation(Record(), Account())


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_vault_table_is_in_the_sites_database_and_none_of_the_sites_in_the_vaults():
    assert not [name for name in connections["default"].introspection.table_names() if name.startswith("vault_")]
    theirs = [name for name in connections["vault"].introspection.table_names() if not name.startswith("vault_")]
    assert theirs in ([], ["django_migrations"])

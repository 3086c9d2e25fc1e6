"""The people of the holdings tests."""

from tests.flows.holdings.conftest import (
    account,
    backed_up,
    elsewhere,
    in_every_table,
    pins,
    real_outbox,
    run,
    store,
    visitor,
)

__all__ = ["account", "backed_up", "elsewhere", "in_every_table", "pins", "real_outbox", "run", "store", "visitor"]

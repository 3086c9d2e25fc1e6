"""The running vault against its own description: Schemathesis sends what the description allows and what it forbids.

Every request carries a ticket that the test signs with the site's key, for the purpose that the description names. A
body of the right form is still refused when its proof or point is made up, so `positive_data_acceptance` has nothing to
judge.
"""

import asyncio
import secrets
import time
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.flows.split.programs import arrive
from vault.server.openapi import document
from vault.wire.ticket import HEADER, AccountTicket, Purpose, encode
from webapp.cli.crypto import NativeCrypto
from webapp.engine.safes import NewSafe, create_safe
from webapp.server.signing import sign_with_ticket_key

load_all_checks()
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
LEFT_OUT = {"positive_data_acceptance", "max_response_time"}
BOUNDED = settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def sign(split):
    """Purpose → the text of a fresh ticket for a safe with a password, as the site would sign it."""
    person = arrive(split.site, "schemathesis@example.org", split.pins)
    new = NewSafe.begin(NativeCrypto())
    made = create_safe(NativeCrypto(), person.site, person.vault, person.account, new, "harbour Ninety lanterns")
    account, safe = person.account, asyncio.run(made).safe

    def ticket(purpose: Purpose) -> str:
        value = AccountTicket(
            ticket_id=secrets.token_bytes(32),
            account=account,
            safe=safe,
            session=secrets.token_bytes(16),
            expiry=int(time.time()) + 50,
            purpose=purpose,
        )
        key = split.site.folder / "secrets" / "ticket-key"
        return encode(value, sign_with_ticket_key(key, value.signed_message()))

    return ticket


def checks() -> list[Any]:
    return [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_vault_answers_as_its_description_says(split, sign, label):
    operation = OPERATIONS[label]
    purpose = operation.definition.raw.get("x-ticket-purpose")
    seen: dict[int, int] = {}

    def try_it(case):
        headers = {} if purpose is None else {HEADER: sign(Purpose(purpose))}
        response = case.call(base_url=f"{split.vault.origin}/vault/v1", headers=headers)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        case.validate_response(response, checks=checks(), headers=headers)
        assert response.headers["cache-control"] == ["no-store"]

    BOUNDED(given(case=operation.as_strategy(GenerationMode.POSITIVE))(try_it))()
    if operation.body:
        BOUNDED(given(case=operation.as_strategy(GenerationMode.NEGATIVE))(try_it))()
        assert len(seen) > 1, "what is forbidden is answered otherwise than what is allowed"
    print(label, seen)

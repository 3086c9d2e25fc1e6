"""The running site's interface: Schemathesis sends what its schema allows and forbids, signed in and signed out.

Nothing is a server error, and every refusal has the one shape, a known code, and is kept by nobody.
"""

import asyncio
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.flows.split.programs import arrive
from webapp.cli.crypto import NativeCrypto
from webapp.engine.safes import NewSafe, create_safe
from webapp.server.backups.api import api
from webapp.server.backups.errors import ALL_ERRORS

SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix=""))))
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
STATUS_OF = {error.code: error.status for error in ALL_ERRORS}
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def signed_in(split) -> tuple[dict[str, str], str]:
    """(a browser's headers, the id of a safe that the account has)."""
    person = arrive(split.site, "api@example.org", split.pins)
    made = create_safe(NativeCrypto(), person.site, person.vault, person.account, NewSafe.begin(NativeCrypto()), None)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.session.jar)
    headers = {"Cookie": cookies, "X-CSRFToken": person.session.csrf, "Origin": split.site.origin}
    return headers, asyncio.run(made).safe.hex()


def judge(response: Any) -> None:
    """The common rules of docs/api.md."""
    assert response.status_code not in {500, 501, 502, 503}, response.text
    assert response.headers["cache-control"] == ["no-store"]
    assert not [name for name in response.headers if name.startswith("access-control")]
    if response.status_code >= 400:
        error = json.loads(response.content)["error"]
        assert set(error) == {"code", "message", "next", "data"}
        assert STATUS_OF[error["code"]] == response.status_code


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_site_refuses_in_one_shape_and_never_fails(split, signed_in, label):
    operation, (headers, safe) = OPERATIONS[label], signed_in
    base = f"{split.site.origin}/api/v1"

    def allowed(case: Any) -> None:
        if "safe" in case.path_parameters:
            case.path_parameters["safe"] = safe
        judge(case.call(base_url=base, headers=headers))
        nobody = case.call(base_url=base)
        judge(nobody)
        assert nobody.status_code >= 400

    def forbidden(case: Any) -> None:
        judge(case.call(base_url=base, headers=headers))

    BOUNDED(given(case=operation.as_strategy(GenerationMode.POSITIVE))(allowed))()
    if operation.body or list(operation.path_parameters):
        BOUNDED(given(case=operation.as_strategy(GenerationMode.NEGATIVE))(forbidden))()


def test_every_operation_of_the_schema_is_tried():
    assert len(OPERATIONS) >= 10

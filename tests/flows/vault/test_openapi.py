"""The API's description is made of the wire's tables, is served, and is true of every route."""

import json
import re

import pytest
from django.test import Client
from jsonschema_rs import Draft202012Validator

from tests.flows.vault.world import post
from vault.server.openapi import document
from vault.wire.errors import MEANINGS, ErrorCode
from vault.wire.limits import BODY_BYTES, FEED_BODY_BYTES, REGISTRATION_BODY_BYTES
from vault.wire.routes import ROUTES
from vault.wire.ticket import HEADER

POSTS = [route for route in ROUTES if route.method == "POST"]
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
each_post = pytest.mark.parametrize("route", POSTS, ids=lambda route: route.name)
served = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def operation_of(route):
    return DOCUMENT["paths"][f"/{route.path}"][route.method.lower()]


def check(schema, value):
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(value)


def test_the_description_names_every_route_once_and_nothing_else():
    named = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}
    assert named == {(f"/{route.path}", route.method.lower()) for route in ROUTES}
    assert len({operation_of(route)["operationId"] for route in ROUTES}) == len(ROUTES)


@each_post
def test_every_body_has_a_cap_and_its_ticket_is_a_header_for_one_purpose(route):
    operation = operation_of(route)
    assert operation["x-body-bytes"] in {BODY_BYTES, REGISTRATION_BODY_BYTES, FEED_BODY_BYTES}
    assert operation["x-ticket-purpose"] == route.purpose.value
    assert operation["security"] == [{"account_ticket": []}]
    assert "parameters" not in operation  # nothing in a path or query, where logs and histories keep it
    scheme = DOCUMENT["components"]["securitySchemes"]["account_ticket"]
    assert (scheme["in"], scheme["name"]) == ("header", HEADER)


@each_route
def test_every_refusal_is_listed_under_its_status_in_the_one_shape(route):
    for status, response in operation_of(route)["responses"].items():
        assert response["headers"]["Cache-Control"]["schema"]["const"] == "no-store"
        if int(status) < 400:
            continue
        assert response["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        for code in response["x-error-codes"]:
            assert MEANINGS[ErrorCode(code)].status == int(status)
        assert ("Retry-After" in response["headers"]) == (status == "429")


def test_every_code_that_the_vault_sends_stands_somewhere():
    listed = {code for route in ROUTES for code in route.all_errors}
    sent = {code for code, meaning in MEANINGS.items() if meaning.status} - {ErrorCode.NOT_FOUND}
    assert listed == sent


@each_post
def test_the_schemas_say_exactly_what_the_messages_read(route):
    schema = operation_of(route)["requestBody"]["content"]["application/json"]["schema"]
    fields = SCHEMAS[route.request.__name__]["properties"]
    good = {name: example_of(field) for name, field in fields.items()}
    assert check(schema, good)
    route.request.from_json(good)
    assert not check(schema, {**good, "extra": 1})
    for name, field in fields.items():
        assert not check(schema, {key: value for key, value in good.items() if key != name})
        assert not check(schema, {**good, name: f"{good[name]}A"})
        assert not check(schema, {**good, name: None}), field


def example_of(field):
    """The least value that is allowed."""
    if field["type"] == "integer":
        return field["minimum"]
    if field["type"] == "array":
        return [{name: example_of(inner) for name, inner in field["items"]["properties"].items()}]
    pattern = field["pattern"]
    letter, count = re.match(r"\^\[(\w)[^]]*\]\{(\d+)\}", pattern).groups()
    return letter * int(count) + ("A" if pattern.endswith(("[AQgw]$", "[AEIMQUYcgkosw048]$")) else "")


@served
def test_it_is_served_to_anybody_and_kept_by_nobody(vault):
    reply = Client().get("/vault/v1/openapi.json")
    assert reply.status_code == 200
    assert json.loads(reply.content) == DOCUMENT
    assert (reply["Content-Type"], reply["Cache-Control"]) == ("application/json", "no-store")
    assert len(reply.content) <= next(route for route in ROUTES if route.name == "openapi").reply_bytes


@served
@each_route
def test_no_route_is_open_to_another_origin_remembers_a_cookie_or_is_cached(vault, route):
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    asked = Client().generic(route.method, f"/vault/v1/{route.path}", headers=headers)
    preflight = {**headers, "Access-Control-Request-Method": route.method}
    preflighted = Client().options(f"/vault/v1/{route.path}", headers=preflight)
    assert preflighted.status_code == 405
    for reply in (asked, preflighted):
        assert reply["Cache-Control"] == "no-store"
        assert reply["Content-Type"] == "application/json"
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]
        assert "Set-Cookie" not in reply.headers


@served
@each_post
def test_a_ticket_anywhere_but_in_its_header_is_none(person, route):
    ticket = person.site.ticket(person.account, person.safe, route.purpose)
    in_query = post(f"{route.path}?{HEADER}={ticket}", b"{}", None)
    in_cookie = post(route.path, b"{}", None, Cookie=f"{HEADER}={ticket}")
    as_bearer = post(route.path, b"{}", None, Authorization=f"Bearer {ticket}")
    assert {reply.code for reply in (in_query, in_cookie, as_bearer)} == {"ticket_missing"}

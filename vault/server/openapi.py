"""The API's description, OpenAPI 3.1, made of the wire's routes, messages and errors; served as openapi.json."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from vault.wire.errors import MEANINGS, ErrorCode
from vault.wire.message import Message
from vault.wire.routes import DOCUMENT, PREFIX, ROUTES, Route
from vault.wire.ticket import HEADER

Json = dict[str, Any]


def document() -> Json:
    """The whole description. `x-ticket-purpose`: what the account ticket of an operation must be for; `x-body-bytes`:
    the cap of its body; `x-error-codes`: which codes a status can carry."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Coffer key vault",
            "version": "1",
            "summary": "Keeps a key behind a password that it never learns, and counts the guesses.",
            "description": "docs/vault-protocol.md says what the messages mean, docs/embedding.md how to use them.",
        },
        "servers": [{"url": PREFIX.rstrip("/")}],
        "paths": {f"/{route.path}": {route.method.lower(): _operation(route)} for route in ROUTES},
        "components": {
            "securitySchemes": {
                "account_ticket": {
                    "type": "apiKey",
                    "in": "header",
                    "name": HEADER,
                    "description": "Signed by the site: for one account, safe and purpose, within a minute, once.",
                }
            },
            "schemas": {"Error": _error_schema(), **_message_schemas()},
        },
    }


@cache
def document_bytes() -> bytes:
    """The description as JSON."""
    return json.dumps(document(), separators=(",", ":")).encode()


def _operation(route: Route[Message]) -> Json:
    operation: Json = {"operationId": route.name, "summary": route.summary, "responses": _responses(route)}
    if route.request is None or route.purpose is None:
        return {**operation, "security": []}
    return {
        **operation,
        "security": [{"account_ticket": []}],
        "x-ticket-purpose": route.purpose.value,
        "x-body-bytes": route.body_bytes,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _reference(route.request)}}},
    }


def _responses(route: Route[Message]) -> Json:
    schema = {"type": "object"} if route is DOCUMENT else _reference(route.reply)
    responses: Json = {
        str(status): {
            "description": "Done.",
            "headers": _no_store(),
            "content": {"application/json": {"schema": schema}},
        }
        for status in route.statuses
    }
    statuses = sorted({MEANINGS[code].status for code in route.all_errors})
    for status in statuses:
        responses[str(status)] = _refusal(
            [code for code in route.all_errors if MEANINGS[code].status == status], status
        )
    return responses


def _refusal(codes: list[ErrorCode], status: int) -> Json:
    headers = _no_store()
    if status == MEANINGS[ErrorCode.LOCKED].status:
        headers["Retry-After"] = {"description": "Seconds until the wait ends.", "schema": {"type": "integer"}}
    if status == MEANINGS[ErrorCode.METHOD].status:
        headers["Allow"] = {"description": "The one method.", "schema": {"type": "string"}}
    return {
        "description": " ".join(MEANINGS[code].message for code in codes),
        "headers": headers,
        "x-error-codes": [code.value for code in codes],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _no_store() -> Json:
    return {"Cache-Control": {"description": "no-store", "schema": {"type": "string", "const": "no-store"}}}


def _error_schema() -> Json:
    sendable = [code.value for code, meaning in MEANINGS.items() if meaning.status]
    fields: Json = {
        "code": {"type": "string", "enum": sendable},
        "message": {"type": "string", "description": "One sentence for a person."},
        "next": {"type": "string", "description": "What to do next."},
        "data": {"type": "object", "additionalProperties": {"type": ["integer", "string"]}},
    }
    return _closed({"error": _closed(fields)})


def _closed(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _message_schemas() -> Json:
    return {
        message.__name__: {"description": _first_line(message), **message.json_schema()}
        for message in _messages(ROUTES)
    }


def _messages(routes: Iterable[Route[Message]]) -> list[type[Message]]:
    named = {message for route in routes for message in (route.request, route.reply) if message is not None}
    return sorted(named, key=lambda message: message.__name__)


def _first_line(message: type[Message]) -> str:
    return (message.__doc__ or "").strip().splitlines()[0]


def _reference(message: type[Message]) -> Json:
    return {"$ref": f"#/components/schemas/{message.__name__}"}

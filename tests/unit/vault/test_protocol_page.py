"""docs/vault-protocol.md says what the code does: every route, length and code, and the tests it names exist."""

import ast
import re
from pathlib import Path

import pytest

from vault.wire import event_chain, limits, messages
from vault.wire.errors import MEANINGS, ErrorCode
from vault.wire.routes import ROUTES
from vault.wire.session_reply import PLAINTEXT_BYTES, SEALED_BYTES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "vault-protocol.md").read_text()


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_code_is_explained_with_its_status(code):
    (row,) = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{code.value}`" in line]
    codes, statuses = (cell.strip() for cell in row.split("|")[1:3])
    position = codes.split(", ").index(f"`{code.value}`")
    listed = statuses.split(", ")
    status = listed[position if len(listed) > 1 else 0]
    assert status == (str(MEANINGS[code].status) if MEANINGS[code].status else "–")


def test_every_route_is_in_the_table_with_its_cap():
    for route in ROUTES:
        name = f"GET {route.path}" if route.method == "GET" else route.path
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
        assert row.split("|")[5].strip() == ("–" if route.method == "GET" else str(route.body_bytes))


def test_the_lengths_are_the_codes_own():
    for text in (
        f"registration_record {limits.REGISTRATION_RECORD_BYTES}",
        f"wrapped_key {limits.WRAPPED_KEY_BYTES}",
        f"ke1 {limits.KE1_BYTES}",
        f"ke2 {limits.KE2_BYTES}",
        f"ke3 {limits.KE3_BYTES}",
        f"registration_request {limits.REGISTRATION_REQUEST_BYTES}",
        f"registration_response {limits.REGISTRATION_RESPONSE_BYTES}",
        f"sealed {SEALED_BYTES}",
    ):
        assert text in PAGE
    assert SEALED_BYTES == PLAINTEXT_BYTES + 28
    assert messages.REGISTRATION_DOMAIN.decode() in PAGE
    assert messages.HEAD_DOMAIN.decode() in PAGE
    assert event_chain.EVENT_DOMAIN.decode() in PAGE
    assert event_chain.SIGNATURE_DOMAIN.decode() in PAGE


def test_every_test_it_names_exists():
    named = re.findall(r"`(…|test_\w+)(?:::(test_\w+))?`", PAGE)
    assert len(named) > 20
    module = ""
    for first, function in named:
        module = module if first == "…" else first
        (file,) = (ROOT / "tests").rglob(f"{module}.py")
        functions = {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}
        assert not function or function in functions, (module, function)

"""Coffer's own full vector: one registration and one login with fixed randomness.

No test framework is imported here, so that the same file replays the vector in the browser.
Run as a module to write `tests/vectors/coffer_opaque.json` anew (only when the protocol's version changes).
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from vault.opaque import (
    ClientLogin,
    ClientRegistration,
    Configuration,
    create_registration_response,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    server_finish,
)

INPUTS = {
    "password": b"correct horse battery staple".hex(),
    "account": bytes(range(16)).hex(),
}


def fixed_random(label: str) -> Callable[[int], bytes]:
    """SHAKE-256 of the label and a counter: no value is anyone's choice."""
    counter = iter(range(1_000))
    return lambda length: hashlib.shake_256(f"coffer/v1 vector {label} {next(counter)}".encode()).digest(length)


def play(configuration: Configuration) -> dict[str, str]:
    """Every message and key of one registration and one login, in hex, from INPUTS and the fixed randomness."""

    def drawing(label: str) -> Configuration:
        return replace(configuration, random=fixed_random(label))

    password, account = bytes.fromhex(INPUTS["password"]), bytes.fromhex(INPUTS["account"])
    server_private_key, server_public_key = generate_key_pair(drawing("server key"))
    oprf_key = generate_oprf_key(drawing("oprf key"))
    identities: dict[str, Any] = {"client_identity": account, "server_identity": server_public_key}

    registration, request = ClientRegistration.create_request(drawing("registration"), password)
    response = create_registration_response(
        configuration, request, server_public_key=server_public_key, oprf_key=oprf_key
    )
    record, export_key = registration.finalize(response, pinned_server_public_key=server_public_key, **identities)
    login, ke1 = ClientLogin.generate_ke1(drawing("ke1"), password)
    ke2, state = generate_ke2(
        drawing("ke2"),
        ke1,
        record=record,
        oprf_key=oprf_key,
        server_private_key=server_private_key,
        server_public_key=server_public_key,
        **identities,
    )
    result = login.generate_ke3(ke2, pinned_server_public_key=server_public_key, **identities)
    if result.export_key != export_key:
        raise AssertionError("registration and login gave different export keys")
    values = {
        "context": configuration.context,
        "server_private_key": server_private_key,
        "server_public_key": server_public_key,
        "oprf_key": oprf_key,
        "registration_request": request.to_bytes(),
        "registration_response": response.to_bytes(),
        "registration_record": record.to_bytes(),
        "ke1": ke1.to_bytes(),
        "ke2": ke2.to_bytes(),
        "ke3": result.ke3.to_bytes(),
        "session_key": server_finish(state, result.ke3),
        "export_key": export_key,
    }
    return {name: value.hex() for name, value in values.items()}


if __name__ == "__main__":
    from vault.server.sodium import native_configuration

    path = Path(__file__).parents[2] / "vectors" / "coffer_opaque.json"
    vector = {"inputs": INPUTS, "values": play(native_configuration())}
    path.write_text(json.dumps(vector, indent=2) + "\n", encoding="utf-8")

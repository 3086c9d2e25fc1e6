"""What one vault login costs the server in cryptography alone, on one core.

Run with `python -m tests.bench.bench_opaque`.
"""

import json
import time
from collections.abc import Callable

from vault.opaque import (
    KE1,
    KE3,
    ClientLogin,
    ClientRegistration,
    Configuration,
    IdentityKSF,
    RegistrationRecord,
    ServerLoginState,
    create_registration_response,
    generate_ke2,
    generate_key_pair,
    generate_oprf_key,
    server_finish,
)
from vault.server.sodium import SodiumGroup, native_configuration

TARGET_MS = 0.5
ACCOUNT = bytes(range(16))


def _server_login(configuration: Configuration) -> Callable[[], bytes]:
    """One whole server half: parse KE1 and the record, make KE2, keep the state, parse KE3, finish."""
    private, public = generate_key_pair(configuration)
    oprf_key = generate_oprf_key(configuration)
    identities = {"client_identity": ACCOUNT, "server_identity": public}
    registration, request = ClientRegistration.create_request(configuration, b"password")
    response = create_registration_response(configuration, request, server_public_key=public, oprf_key=oprf_key)
    record = registration.finalize(response, **identities)[0].to_bytes()
    login, ke1_message = ClientLogin.generate_ke1(configuration, b"password")
    ke1 = ke1_message.to_bytes()

    def start() -> tuple[bytes, bytes]:
        ke2, state = generate_ke2(
            configuration,
            KE1.from_bytes(ke1),
            record=RegistrationRecord.from_bytes(record),
            oprf_key=oprf_key,
            server_private_key=private,
            server_public_key=public,
            **identities,
        )
        return ke2.to_bytes(), state.to_bytes()

    ke2, state = generate_ke2(
        configuration,
        ke1_message,
        record=RegistrationRecord.from_bytes(record),
        oprf_key=oprf_key,
        server_private_key=private,
        server_public_key=public,
        **identities,
    )
    ke3 = login.generate_ke3(ke2, **identities).ke3.to_bytes()
    sealed = state.to_bytes()

    def whole() -> bytes:
        start()
        return server_finish(ServerLoginState.from_bytes(sealed), KE3.from_bytes(ke3))

    return whole


def _milliseconds(action: Callable[[], object], rounds: int, repeats: int) -> float:
    """The best mean of `repeats` runs of `rounds` calls, in milliseconds of process time a call."""
    best = float("inf")
    for _ in range(repeats):
        begun = time.process_time()
        for _ in range(rounds):
            action()
        best = min(best, (time.process_time() - begun) / rounds)
    return best * 1000


def measure() -> list[dict[str, object]]:
    """The figures: name, value, unit, and the target where there is one."""
    whole = _server_login(Configuration(group=SodiumGroup(), ksf=IdentityKSF()))
    whole()
    stretch = native_configuration().ksf.stretch
    return [
        {
            "name": "vault login, server half, crypto alone",
            "value": round(_milliseconds(whole, rounds=300, repeats=5), 4),
            "unit": "ms/login",
            "target": TARGET_MS,
        },
        {
            "name": "key stretching, client half (Argon2id, 64 MiB, 3 passes)",
            "value": round(_milliseconds(lambda: stretch(bytes(64)), rounds=3, repeats=1), 1),
            "unit": "ms",
            "target": None,
        },
    ]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))

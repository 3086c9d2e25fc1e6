"""AES-GCM of 256 MiB through the engine beside plain JavaScript on the same segments, and what unlocking costs."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.engine_in_browser import engine_in_browser
from vault.server.sodium import native_configuration

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
MIB = 256
RUNS = 7
SIDE_BY_SIDE = """
import json, os, time
from js import plainJavaScript
from webapp.browser import bridge
from webapp.browser.crypto import BrowserCrypto, crossing
from webapp.engine.crypto.seal import seal, unseal
from webapp.engine.crypto.secret import Secret

provider, key = BrowserCrypto(), Secret(bytes(32))
batch = bridge.js.join([crossing(os.urandom(65536))], 8 * 1024 * 1024 - 65536)
mib, rounds = json.loads(arguments)

async def engine(mib):
    times = {"seal": 0.0, "open": 0.0}
    for _ in range(mib // 8):
        start = time.perf_counter()
        sealed = await seal(provider, key, b"bench", batch)
        times["seal"] += (time.perf_counter() - start) * 1000
        start = time.perf_counter()
        opened = await unseal(provider, key, b"bench", sealed)
        times["open"] += (time.perf_counter() - start) * 1000
        assert len(opened) == len(batch)
        del sealed, opened  # as the other side forgets its buffers with every round
    return times

await engine(8), await plainJavaScript(8)
runs = [(json.loads(await plainJavaScript(mib)), await engine(mib)) for _ in range(rounds)]
json.dumps(runs)
"""
UNLOCK = """
import json, time
from webapp.browser.sodium import browser_configuration
from vault.opaque import (ClientLogin, ClientRegistration, create_registration_response, generate_key_pair,
    generate_ke2, generate_oprf_key)
configuration = browser_configuration()
private, public = generate_key_pair(configuration)
oprf_key = generate_oprf_key(configuration)
registration, request = ClientRegistration.create_request(configuration, b"password")
response = create_registration_response(configuration, request, server_public_key=public, oprf_key=oprf_key)
record, _ = registration.finalize(response)
times = []
for _ in range(5):
    start = time.perf_counter()
    login, ke1 = ClientLogin.generate_ke1(configuration, b"password")
    spent = time.perf_counter() - start
    ke2, state = generate_ke2(configuration, ke1, record=record, oprf_key=oprf_key, server_private_key=private,
        server_public_key=public)
    start = time.perf_counter()
    login.generate_ke3(ke2)
    times.append((spent + time.perf_counter() - start) * 1000)
json.dumps(sorted(times)[2])
"""


def _native_argon2id() -> float:
    ksf = native_configuration().ksf
    times = []
    for _ in range(5):
        start = time.perf_counter()
        ksf.stretch(bytes(64))
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure() -> list[dict[str, object]]:
    """Rows of the table; the two sides alternate in one worker."""
    plain: dict[str, list[float]] = {"seal": [], "open": []}
    ours: dict[str, list[float]] = {"seal": [], "open": []}
    with tempfile.TemporaryDirectory() as folder, engine_in_browser(DIST, Path(folder)) as engine:
        for both in engine.run(SIDE_BY_SIDE, [MIB, RUNS]):
            for side, times in zip((plain, ours), both, strict=True):
                for name, spent in times.items():
                    side[name].append(MIB * 1000 / spent)
        unlock = engine.run(UNLOCK)
    rows: list[dict[str, object]] = []
    for name, verb in (("seal", "sealing"), ("open", "opening")):
        mine, theirs = statistics.median(ours[name]), statistics.median(plain[name])
        rows.append(
            {
                "figure": f"AES-GCM of {MIB} MiB through the engine ÷ plain JavaScript, {verb}",
                "ours": f"{mine:.0f} MiB/s",
                "beside": f"{theirs:.0f} MiB/s",
                "ratio": mine / theirs,
                "at_least": 0.8,
            }
        )
    native = _native_argon2id()
    rows.append(
        {
            "figure": "password to unlocked key in the browser, crypto ÷ one native Argon2id",
            "ours": f"{unlock:.0f} ms",
            "beside": f"{native:.0f} ms",
            "ratio": unlock / native,
            "at_most": 1.5,
        }
    )
    return rows


if __name__ == "__main__":
    for row in measure():
        print(row)

"""A SoftHSM2 token of one's own: the real PKCS#11 library over files in a test's folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vault.custody.pkcs11 import Pkcs11Custody

PIN = "704-221-935"
TOKEN = "coffer test"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def module() -> str:
    (found, *_) = [path for path in MODULES if Path(path).exists()]
    return found


@contextmanager
def token(folder: Path) -> Iterator[dict[str, str]]:
    """A fresh token with its PIN file, as VAULT_CUSTODY names it. The environment points at it meanwhile."""
    (folder / "tokens").mkdir(parents=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    tool = shutil.which("softhsm2-util")
    assert tool, "run bootstrap.sh test: softhsm2 is missing"
    try:
        subprocess.run(
            [tool, "--init-token", "--free", "--label", TOKEN, "--so-pin", "1234-5678", "--pin", PIN],
            check=True,
            capture_output=True,
        )
        pin_file = folder / "pin"
        pin_file.touch(mode=0o600)
        pin_file.write_text(PIN + "\n")
        yield {"kind": "pkcs11", "module": module(), "token": TOKEN, "pin_file": str(pin_file)}
    finally:
        os.environ.pop("SOFTHSM2_CONF")
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before


@contextmanager
def hsm(folder: Path) -> Iterator[Pkcs11Custody]:
    """Custody over a fresh token, without keys yet."""
    with token(folder) as config:
        custody = Pkcs11Custody(config["module"], config["token"], Path(config["pin_file"]))
        try:
            yield custody
        finally:
            custody.close()

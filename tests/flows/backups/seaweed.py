"""A real S3-compatible server (SeaweedFS) in a folder of its own, with one user and path-style addresses."""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.server.backups.bucket import S3Place


@dataclass(frozen=True)
class Seaweed:
    """Where it listens, and whom it knows."""

    endpoint: str
    access_key: str
    secret_key: str

    def place(self, bucket: str | None = None) -> S3Place:
        """A bucket of this server, by default one that nobody has used yet."""
        return S3Place(self.endpoint, bucket or f"coffer-{secrets.token_hex(6)}", self.access_key, self.secret_key)

    def url(self, bucket: str) -> str:
        """What COFFER_STORE_URL says of it."""
        return f"s3+http://{self.access_key}:{self.secret_key}@{self.endpoint.removeprefix('http://')}/{bucket}"


def _ports(count: int) -> list[int]:
    """Free ports whose gRPC twins, 10,000 above, are free too: the server's parts find each other so."""
    found: list[int] = []
    while len(found) < count:
        with socket.socket() as probe, socket.socket() as twin:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            if port > 55_000 or port in found:
                continue
            try:
                twin.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            found.append(port)
    return found


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """Started, answering, and gone afterwards with all it holds."""
    folder = Path(tempfile.mkdtemp(prefix="coffer-s3-"))
    user = {"accessKey": "coffer", "secretKey": secrets.token_hex(16)}
    actions = ["Admin", "Read", "Write", "List"]
    (folder / "users.json").write_text(
        json.dumps({"identities": [{"name": "coffer", "credentials": [user], "actions": actions}]})
    )
    (folder / "data").mkdir()
    master, volume, filer, s3 = _ports(4)
    command = [str(Path(sys.executable).with_name("weed")), "server", f"-dir={folder}/data", "-ip=127.0.0.1"]
    command += ["-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={folder}/users.json", "-s3.iam=false"]
    command += [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += ["-master.volumeSizeLimitMB=64", "-volume.max=100", "-master.telemetry=false"]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        running = Seaweed(f"http://127.0.0.1:{s3}", user["accessKey"], user["secretKey"])
        _wait(running, process, folder / "log")
        yield running
    finally:
        process.kill()  # nothing of it is kept
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(running: Seaweed, process: "subprocess.Popen[bytes]", log: Path) -> None:
    from webapp.server.backups.storage.s3 import S3Store

    for _ in range(300):
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(running.endpoint, timeout=2)
        except urllib.error.HTTPError as error:
            error.close()
            break  # it refuses strangers: it is there
        except OSError:
            time.sleep(0.1)
    store = S3Store(running.place("probe"), log.parent / "spool")
    for _ in range(100):
        try:
            store.make_bucket("http://localhost:1")
            with store.stage() as staging:
                staging.publish({staging.write([b"there"]): "probe"})
        except Exception:  # noqa: BLE001  a server that is still starting fails in many ways
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text()[-2000:])

"""A private RabbitMQ server, started from the system's files in a folder of its own, with one user."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amqp import Connection
from amqp.exceptions import AMQPError

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rabbitmq() -> Iterator[str]:
    """Started, answering, and gone afterwards with all it holds; → its amqp:// address."""
    assert SERVER.exists(), "run bootstrap.sh test: rabbitmq-server is missing"
    folder = Path(tempfile.mkdtemp(prefix="coffer-rabbitmq-"))
    port, mapper, password = _port(), _port(), secrets.token_hex(16)
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\ndefault_user = coffer\ndefault_pass = {password}\nlog.console = true\n"
        "log.console.level = error\nlog.file = false\n"
    )
    (folder / "plugins").write_text("[].")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"coffer{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(_port()),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_HOME": "/usr/lib/rabbitmq/lib/" + next(Path("/usr/lib/rabbitmq/lib").iterdir()).name,
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
    }
    with open(folder / "output", "wb") as output:
        names = subprocess.Popen(
            ["epmd", "-address", "127.0.0.1", "-port", str(mapper)], env=environment, stdout=output
        )
        server = subprocess.Popen(
            [str(SERVER)], env=environment, stdout=output, stderr=output, cwd=folder, process_group=0
        )
    try:
        _wait(port, password, server, folder / "output")
        yield f"amqp://coffer:{password}@127.0.0.1:{port}//"
    finally:
        # The whole group: the script, Erlang, and its small helpers. Nothing of it is kept.
        os.killpg(server.pid, 9)
        server.wait()
        names.kill()
        names.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, password: str, server: "subprocess.Popen[bytes]", output: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, output.read_text()[-3000:]
        try:
            with Connection(f"127.0.0.1:{port}", "coffer", password, connect_timeout=2):
                return
        except (OSError, AMQPError):
            time.sleep(0.1)
    raise TimeoutError(output.read_text()[-3000:])

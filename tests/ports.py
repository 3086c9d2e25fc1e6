"""Ports for servers that a test starts."""

import random
import socket

# Below what systems give to outgoing connections (Linux: from 32768): one that is free now is not taken by a connection
# that somebody opens before the server is up.
LOWEST, HIGHEST = 18_000, 32_000
# Not the seed that a test may have set: two workers must not choose alike.
_CHOICE = random.SystemRandom()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    while True:
        port = _CHOICE.randrange(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port

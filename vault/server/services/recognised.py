"""What custody has vouched for in this process: an HSM takes longer to say the same thing again than all the rest.

Only whole (epoch, message, MAC) are recognised, by their digest; no key is kept. Whoever uses this has, in the same
request, used the epoch's key for something else (`sealing.verify_mac`), so that nothing outlives its epoch.
Source: docs/decisions/0014.
"""

import hashlib

# 32-byte digests; emptied when full, which costs a MAC a row.
_AT_MOST = 20_000

_known: set[bytes] = set()


def knows(epoch: int, message: bytes, mac: bytes) -> bool:
    """Whether custody made or verified exactly this MAC over exactly this message before."""
    return _digest(epoch, message, mac) in _known


def add(epoch: int, message: bytes, mac: bytes) -> None:
    """Custody made or verified it just now."""
    if len(_known) >= _AT_MOST:
        _known.clear()
    _known.add(_digest(epoch, message, mac))


def _digest(epoch: int, message: bytes, mac: bytes) -> bytes:
    return hashlib.sha256(b"".join((epoch.to_bytes(4, "big"), len(mac).to_bytes(2, "big"), mac, message))).digest()

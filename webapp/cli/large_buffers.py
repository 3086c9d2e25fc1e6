"""Memory for chunks that is kept between one and the next, instead of going back to the system each time."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
MIB = 1 << 20


def keep_large_buffers() -> None:
    """A chunk of 8 MiB would be 2,048 fresh pages for every buffer it passes through, and clearing them takes as long
    as sealing it. Only glibc can be told; elsewhere nothing changes. Source: mallopt(3)."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(M_MMAP_THRESHOLD, 32 * MIB)
    mallopt(M_TRIM_THRESHOLD, 256 * MIB)

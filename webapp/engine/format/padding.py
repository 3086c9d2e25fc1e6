"""Padmé padding: sizes are rounded up so that they tell little about content, at most 12 % more and ever less for
large ones. Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", §4.2.
"""


def padded_size(size: int) -> int:
    """The Padmé size for `size` bytes (size ≥ 0)."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    kept_bits = exponent.bit_length()
    granule = 1 << max(0, exponent - kept_bits)
    return -(-size // granule) * granule

"""Sizes as the settings count them: a gigabyte is a thousand million bytes."""

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def said(size: int) -> str:
    """A size for a person, in the largest unit that leaves at least one."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{size} bytes" if unit == 0 else f"{value:.1f} {UNITS[unit]}"

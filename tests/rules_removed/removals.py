"""Every removal there is."""

from . import counting, keeping, owning, telling, waiting
from .removal import Removal

REMOVALS: tuple[Removal, ...] = (
    *counting.REMOVALS,
    *waiting.REMOVALS,
    *keeping.REMOVALS,
    *owning.REMOVALS,
    *telling.REMOVALS,
)

__all__ = ["REMOVALS", "Removal"]

"""Every removal there is, in the order of the page."""

from . import counting, keeping, owning, telling
from .removal import Removal

REMOVALS: tuple[Removal, ...] = (*counting.REMOVALS, *keeping.REMOVALS, *owning.REMOVALS, *telling.REMOVALS)

__all__ = ["REMOVALS", "Removal"]

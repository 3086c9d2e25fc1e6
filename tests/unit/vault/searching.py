"""Breadth first over every world that can be reached from a first one."""

from collections.abc import Callable, Hashable, Iterable


def explore[W: Hashable](
    first: W, steps: Callable[[W], Iterable[W]], broken: Callable[[W], bool]
) -> tuple[int, W | None]:
    """→ how many worlds there are, and the first found that is broken, where the search ends."""
    seen, edge = {first}, [first]
    while edge:
        following = []
        for world in edge:
            for found in steps(world):
                if broken(found):
                    return len(seen), found
                if found not in seen:
                    seen.add(found)
                    following.append(found)
        edge = following
    return len(seen), None

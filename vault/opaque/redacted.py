"""Objects that never print what they hold."""


class Redacted:
    """Base of everything that may hold a secret: its repr and str name the type and nothing else.

    Best effort only: Python cannot promise to wipe memory.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: contents not shown>"

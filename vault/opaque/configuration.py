"""What both halves agree on before the first message (RFC 9807 §7), and where randomness comes from."""

import secrets
from dataclasses import dataclass

from .group import Group
from .ksf import CONTEXT, KeyStretching
from .oprf import RandomBytes


@dataclass(frozen=True, slots=True)
class Configuration:
    """The group's provider, the KSF (used by the client half only), the Context (≤ 65,535 bytes), and randomness.

    Tests inject `random`; nothing else may.
    """

    group: Group
    ksf: KeyStretching
    context: bytes = CONTEXT
    random: RandomBytes = secrets.token_bytes

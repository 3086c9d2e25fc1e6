"""Fixtures of the OPAQUE tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.opaque.enrolment import Enrolled, enroll
from vault.opaque import Argon2idKSF, Configuration, IdentityKSF
from vault.server.sodium import NativeArgon2id, SodiumGroup

VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture(scope="session")
def group() -> SodiumGroup:
    return SodiumGroup()


@pytest.fixture(scope="session")
def quick(group: SodiumGroup) -> Configuration:
    """Coffer's configuration without the cost of stretching."""
    return Configuration(group=group, ksf=IdentityKSF())


@pytest.fixture(scope="session")
def coffer(group: SodiumGroup) -> Configuration:
    """Coffer's configuration as it is."""
    return Configuration(group=group, ksf=Argon2idKSF(NativeArgon2id()))


@pytest.fixture(scope="session")
def enrolled(quick: Configuration) -> Enrolled:
    return enroll(quick)


@pytest.fixture(scope="session")
def read_vectors() -> Callable[[str], Any]:
    return lambda name: json.loads((VECTORS / name).read_text(encoding="utf-8"))

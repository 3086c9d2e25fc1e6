"""RFC 9497, Appendix A.1.1: ristretto255-SHA512, mode OPRF."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.opaque.enrolment import ScriptedRandom, scalar_source
from vault.opaque import Group, oprf


@pytest.fixture(scope="module")
def suite(read_vectors: Callable[[str], Any]) -> Any:
    return read_vectors("rfc9497.json")


def test_the_key_pair_derived_from_the_seed_is_the_rfcs(suite: Any, group: Group) -> None:
    private, _ = oprf.derive_key_pair(group, bytes.fromhex(suite["Seed"]), bytes.fromhex(suite["KeyInfo"]))
    assert private.hex() == suite["skSm"]


@pytest.mark.parametrize("number", [0, 1])
def test_every_step_of_the_evaluation_is_the_rfcs(suite: Any, group: Group, number: int) -> None:
    vector = {key: value for key, value in suite["vectors"][number].items() if key != "name"}
    value = {key: bytes.fromhex(text) for key, text in vector.items()}
    key = bytes.fromhex(suite["skSm"])
    random = ScriptedRandom([scalar_source(value["Blind"])])

    blind, blinded = oprf.blind(group, value["Input"], random)
    assert blind == value["Blind"]
    assert blinded == value["BlindedElement"]
    evaluated = oprf.blind_evaluate(group, key, blinded)
    assert evaluated == value["EvaluationElement"]
    assert oprf.finalize(group, value["Input"], blind, evaluated) == value["Output"]
    assert oprf.evaluate(group, key, value["Input"]) == value["Output"]


def test_the_file_holds_every_vector_of_the_appendix(suite: Any) -> None:
    assert len(suite["vectors"]) == 2

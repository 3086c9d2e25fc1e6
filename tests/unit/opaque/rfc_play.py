"""The RFCs' vectors played without a test framework, so that the same file runs in the browser over its own group."""

from collections.abc import Iterator
from typing import Any

from vault.opaque import (
    KE2,
    ClientLogin,
    ClientRegistration,
    Configuration,
    Group,
    IdentityKSF,
    RegistrationRecord,
    create_registration_response,
    derive_oprf_key,
    generate_ke2,
    oprf,
    server_finish,
)

Bytes = dict[str, bytes]
WHOLE = ("C.1.1", "C.1.2")
"""The sections of RFC 9807, Appendix C, that are Coffer's configuration from the first message to the last."""


def _scripted(*values: bytes) -> Any:
    given: Iterator[bytes] = iter(values)
    return lambda length: next(given)


def _scalar(value: bytes) -> bytes:
    """The 64 random bytes that reduce to this scalar."""
    return value + bytes(32)


def play_rfc9497(group: Group, document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """[(what, ours, the RFC's)] for every value of Appendix A.1.1, in hex."""
    rows = []
    private, _ = oprf.derive_key_pair(group, bytes.fromhex(document["Seed"]), bytes.fromhex(document["KeyInfo"]))
    rows.append(("skSm", private.hex(), document["skSm"]))
    for number, texts in enumerate(document["vectors"]):
        value = {name: bytes.fromhex(text) for name, text in texts.items() if name != "name"}
        blind, blinded = oprf.blind(group, value["Input"], _scripted(_scalar(value["Blind"])))
        evaluated = oprf.blind_evaluate(group, private, blinded)
        output = oprf.finalize(group, value["Input"], blind, evaluated)
        ours = {"Blind": blind, "BlindedElement": blinded, "EvaluationElement": evaluated, "Output": output}
        rows += [(f"{number}: {name}", ours[name].hex(), value[name].hex()) for name in ours]
    return rows


def play_rfc9807(group: Group, document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """[(what, ours, the RFC's)] for every output of the whole sections, in hex."""
    rows = []
    for section in document["vectors"]:
        if section["section"] not in WHOLE:
            continue
        inputs = {name: bytes.fromhex(text) for name, text in section["inputs"].items()}
        ours = _registration_and_login(group, bytes.fromhex(document["context"]), inputs)
        for name, text in section["outputs"].items():
            rows.append((f"{section['section']}: {name}", ours[name].hex(), text))
    return rows


def _registration_and_login(group: Group, context: bytes, v: Bytes) -> Bytes:
    def drawing(*values: bytes) -> Configuration:
        return Configuration(group=group, ksf=IdentityKSF(), context=context, random=_scripted(*values))

    identities: dict[str, Any] = {name: v.get(name) for name in ("client_identity", "server_identity")}
    first = drawing(_scalar(v["blind_registration"]), v["envelope_nonce"])
    registration, request = ClientRegistration.create_request(first, v["password"])
    oprf_key = derive_oprf_key(first, v["oprf_seed"], v["credential_identifier"])
    response = create_registration_response(first, request, server_public_key=v["server_public_key"], oprf_key=oprf_key)
    record, export_key = registration.finalize(response, **identities)

    second = drawing(
        _scalar(v["blind_login"]),
        v["client_nonce"],
        v["client_keyshare_seed"],
        v["masking_nonce"],
        v["server_nonce"],
        v["server_keyshare_seed"],
    )
    client, ke1 = ClientLogin.generate_ke1(second, v["password"])
    ke2, state = generate_ke2(
        second,
        ke1,
        record=RegistrationRecord.from_bytes(record.to_bytes()),
        oprf_key=oprf_key,
        server_private_key=v["server_private_key"],
        server_public_key=v["server_public_key"],
        **identities,
    )
    result = client.generate_ke3(KE2.from_bytes(ke2.to_bytes()), **identities)
    if result.export_key != export_key:
        raise AssertionError("registration and login gave different export keys")
    return {
        "registration_request": request.to_bytes(),
        "registration_response": response.to_bytes(),
        "registration_upload": record.to_bytes(),
        "KE1": ke1.to_bytes(),
        "KE2": ke2.to_bytes(),
        "KE3": result.ke3.to_bytes(),
        "export_key": export_key,
        "session_key": server_finish(state, result.ke3),
    }

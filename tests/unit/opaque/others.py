"""Other implementations of OPAQUE as both halves, behind one shape: opaque-ke from PyPI, and from npm as WebAssembly.

Both are opaque-ke in the suite ristretto255-SHA512, 3DH, Argon2id, with an empty Context that neither lets one change.

                        Argon2id                         identities
opaque-ke-py            19 MiB, 2 passes, 1 lane, fixed  the public keys, fixed
@serenity-kit/opaque    free                             the public keys, or strings
"""

import base64
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import opaque_ke_py

from vault.opaque import Argon2idKSF, Configuration
from vault.server.sodium import NativeArgon2id, SodiumGroup

MIB = 1024 * 1024
USER = "somebody"


class WrongPassword(Exception):
    """The other client's login did not open."""


class Refused(Exception):
    """The other half refused the message."""


class Other(Protocol):
    """Both halves of another implementation. Messages are bytes as RFC 9807 has them; states are the library's own."""

    ours: Configuration
    identities: dict[str, Any]

    def client_register(self, password: str) -> tuple[Any, bytes]: ...
    def client_finish_registration(self, state: Any, password: str, response: bytes) -> tuple[bytes, bytes]: ...
    def client_login(self, password: str) -> tuple[Any, bytes]: ...
    def client_finish_login(self, state: Any, password: str, ke2: bytes) -> tuple[bytes, bytes, bytes]: ...
    def server_register(self, request: bytes) -> bytes: ...
    def server_login(self, record: bytes, ke1: bytes) -> tuple[Any, bytes]: ...
    def server_finish(self, state: Any, ke3: bytes) -> bytes: ...


@dataclass
class OpaqueKe:
    """opaque-ke-py."""

    ours: Configuration = field(
        default_factory=lambda: Configuration(
            group=SodiumGroup(), ksf=Argon2idKSF(NativeArgon2id(), memory_bytes=19 * MIB, passes=2), context=b""
        )
    )
    identities: dict[str, Any] = field(default_factory=dict)
    setup: Any = field(default_factory=opaque_ke_py.server_setup)

    def client_register(self, password: str) -> tuple[Any, bytes]:
        started = opaque_ke_py.client_registration_start(password.encode())
        return started.get_state(), bytes(started.get_message())

    def client_finish_registration(self, state: Any, password: str, response: bytes) -> tuple[bytes, bytes]:
        finished = opaque_ke_py.client_registration_finish(password.encode(), state, response)
        return bytes(finished.get_message()), bytes(finished.get_export_key())

    def client_login(self, password: str) -> tuple[Any, bytes]:
        started = opaque_ke_py.client_login_start(password.encode())
        return started.get_state(), bytes(started.get_message())

    def client_finish_login(self, state: Any, password: str, ke2: bytes) -> tuple[bytes, bytes, bytes]:
        try:
            finished = opaque_ke_py.client_login_finish(password.encode(), state, ke2)
        except ValueError as error:
            raise WrongPassword from error
        return bytes(finished.get_message()), bytes(finished.get_session_key()), bytes(finished.get_export_key())

    def server_register(self, request: bytes) -> bytes:
        return bytes(opaque_ke_py.server_registration_start(self.setup, request, USER.encode()).get_message())

    def server_login(self, record: bytes, ke1: bytes) -> tuple[Any, bytes]:
        file = opaque_ke_py.server_registration_finish(record).get_password_file()
        started = opaque_ke_py.server_login_start(self.setup, file, ke1, USER.encode())
        return started.get_state(), bytes(started.get_message())

    def server_finish(self, state: Any, ke3: bytes) -> bytes:
        try:
            return bytes(opaque_ke_py.server_login_finish(state, ke3).get_session_key())
        except ValueError as error:
            raise Refused from error


@dataclass
class Serenity:
    """@serenity-kit/opaque in Node. memory in bytes."""

    memory: int
    passes: int
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ksf = Argon2idKSF(NativeArgon2id(), memory_bytes=self.memory, passes=self.passes)
        self.ours = Configuration(group=SodiumGroup(), ksf=ksf, context=b"")
        self.identities = {f"{side}_identity": name.encode() for side, name in self.names.items()}
        self.node = subprocess.Popen(
            ["node", str(Path(__file__).with_name("serenity.mjs"))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.setup = self._call("server", "createSetup")

    def close(self) -> None:
        with self.node:
            assert self.node.stdin is not None
            self.node.stdin.close()

    def _call(self, side: str, verb: str, **params: Any) -> Any:
        assert self.node.stdin is not None
        assert self.node.stdout is not None
        self.node.stdin.write(json.dumps({"side": side, "verb": verb, "params": params}).encode() + b"\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    @property
    def _client(self) -> dict[str, Any]:
        custom = {"iterations": self.passes, "memory": self.memory // 1024, "parallelism": 1}
        return {"keyStretching": {"argon2id-custom": custom}, **self._named}

    @property
    def _named(self) -> dict[str, Any]:
        return {"identifiers": self.names} if self.names else {}

    def client_register(self, password: str) -> tuple[Any, bytes]:
        started = self._call("client", "startRegistration", password=password)
        return started["clientRegistrationState"], _bytes(started["registrationRequest"])

    def client_finish_registration(self, state: Any, password: str, response: bytes) -> tuple[bytes, bytes]:
        finished = self._call(
            "client",
            "finishRegistration",
            password=password,
            clientRegistrationState=state,
            registrationResponse=_text(response),
            **self._client,
        )
        return _bytes(finished["registrationRecord"]), _bytes(finished["exportKey"])

    def client_login(self, password: str) -> tuple[Any, bytes]:
        started = self._call("client", "startLogin", password=password)
        return started["clientLoginState"], _bytes(started["startLoginRequest"])

    def client_finish_login(self, state: Any, password: str, ke2: bytes) -> tuple[bytes, bytes, bytes]:
        finished = self._call(
            "client", "finishLogin", clientLoginState=state, loginResponse=_text(ke2), password=password, **self._client
        )
        if finished is None:
            raise WrongPassword
        return (
            _bytes(finished["finishLoginRequest"]),
            _bytes(finished["sessionKey"]),
            _bytes(finished["exportKey"]),
        )

    def server_register(self, request: bytes) -> bytes:
        answer = self._call(
            "server",
            "createRegistrationResponse",
            serverSetup=self.setup,
            userIdentifier=USER,
            registrationRequest=_text(request),
        )
        return _bytes(answer["registrationResponse"])

    def server_login(self, record: bytes, ke1: bytes) -> tuple[Any, bytes]:
        started = self._call(
            "server",
            "startLogin",
            serverSetup=self.setup,
            registrationRecord=_text(record),
            startLoginRequest=_text(ke1),
            userIdentifier=USER,
            **self._named,
        )
        return started["serverLoginState"], _bytes(started["loginResponse"])

    def server_finish(self, state: Any, ke3: bytes) -> bytes:
        finished = self._call(
            "server", "finishLogin", serverLoginState=state, finishLoginRequest=_text(ke3), **self._named
        )
        return _bytes(finished["sessionKey"])


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

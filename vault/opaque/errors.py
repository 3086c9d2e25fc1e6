"""What can go wrong in OPAQUE. No error carries a value of the protocol, so none can leak one."""


class OpaqueError(Exception):
    """Base of every error of this package.

    `code` is stable, `message` is a sentence for a person, `next` says what to do; `detail` is for developers.
    """

    code = "opaque_failed"
    message = "The key vault could not be reached safely."
    next = "Try again; if it keeps failing, reload the page."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.message)
        self.detail = detail


class InvalidMessage(OpaqueError):
    """A message of the wrong length or with a part that no honest peer sends."""

    code = "invalid_message"
    message = "A message of the key vault's protocol was damaged."


class InvalidPoint(InvalidMessage):
    """Bytes that are no canonical ristretto255 element, or the identity element."""

    code = "invalid_point"


class InvalidScalar(OpaqueError):
    """A scalar that is zero, or not below the group's order, or not 32 bytes."""

    code = "invalid_scalar"
    message = "A key of the key vault is damaged."
    next = "This needs the operator: no password can be checked with this key."


class InvalidInput(OpaqueError):
    """A password or identity that the protocol cannot carry (too long, empty identity, or it maps to the identity)."""

    code = "invalid_input"
    message = "This password cannot be used."
    next = "Choose another password."


class DeriveKeyPairError(OpaqueError):
    """No key pair came out of a seed in 256 attempts (RFC 9497 §3.2.1); happens with negligible probability."""

    code = "derive_key_pair_failed"


class EnvelopeRecoveryError(OpaqueError):
    """The envelope does not open: a wrong password, or a reply altered on its way (RFC 9807 §4.1.3)."""

    code = "wrong_password"
    message = "The password is wrong."
    next = "Check the password and try again; every try counts as one guess."


class ServerAuthenticationError(OpaqueError):
    """The peer is not the vault that holds this record, or not the vault this bundle knows."""

    code = "vault_not_recognised"
    message = "The key vault could not prove that it is the right one."
    next = "Do not try again on this network; check the site's address."


class ClientAuthenticationError(OpaqueError):
    """KE3 does not prove knowledge of the password (RFC 9807 §6.2.4)."""

    code = "client_not_authenticated"
    message = "The password was not proved."
    next = "Start a new login."

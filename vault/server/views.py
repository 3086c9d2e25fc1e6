"""/vault/v1/: each view hands one message to one service and says the status."""

from vault.wire import messages
from vault.wire.limits import BODY_BYTES, REGISTRATION_BODY_BYTES
from vault.wire.ticket import AccountTicket, Purpose

from .endpoint import Reply, asking, reading
from .services import ending, login, registration, safes
from .services import identity as identity_service
from .services import status as status_service


@asking
def identity() -> Reply:
    return 200, identity_service.public()


@reading(Purpose.OPEN_SAFE, messages.OpenSafe, BODY_BYTES)
def open_safe(ticket: AccountTicket, request: messages.OpenSafe) -> Reply:
    return (201 if safes.open_safe(ticket, request) else 200), messages.Empty()


@reading(Purpose.REGISTER, messages.StartRegistration, BODY_BYTES)
def start_registration(ticket: AccountTicket, request: messages.StartRegistration) -> Reply:
    return 201, registration.start(ticket, request)


@reading(Purpose.REGISTER, messages.FinishRegistration, REGISTRATION_BODY_BYTES)
def finish_registration(ticket: AccountTicket, request: messages.FinishRegistration) -> Reply:
    return 200, registration.finish(ticket, request)


@reading(Purpose.LOGIN, messages.StartLogin, BODY_BYTES)
def start_login(ticket: AccountTicket, request: messages.StartLogin) -> Reply:
    return 200, login.start(ticket, request)


@reading(Purpose.LOGIN, messages.FinishLogin, BODY_BYTES)
def finish_login(ticket: AccountTicket, request: messages.FinishLogin) -> Reply:
    return 200, login.finish(ticket, request)


@reading(Purpose.STATUS, messages.Empty, BODY_BYTES)
def status(ticket: AccountTicket, request: messages.Empty) -> Reply:
    return 200, status_service.read(ticket)


@reading(Purpose.HEAD, messages.SetHead, BODY_BYTES)
def set_head(ticket: AccountTicket, request: messages.SetHead) -> Reply:
    safes.set_head(ticket, request)
    return 200, messages.Empty()


@reading(Purpose.HEAD, messages.ReadHead, BODY_BYTES)
def read_head(ticket: AccountTicket, request: messages.ReadHead) -> Reply:
    return 200, safes.read_head(ticket, request)


@reading(Purpose.DESTROY, messages.Destroy, BODY_BYTES)
def destroy(ticket: AccountTicket, request: messages.Destroy) -> Reply:
    ending.destroy(ticket, request)
    return 200, messages.Empty()

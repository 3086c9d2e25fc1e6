"""/vault/v1/: each view hands one message of its route (vault/wire/routes.py) to one service and says the status."""

from vault.wire import messages, routes
from vault.wire.ticket import AccountTicket

from . import openapi
from .endpoint import Reply, asking, serving
from .services import activity, ending, login, pausing, registration, replacement, safes
from .services import feed as feed_service
from .services import identity as identity_service
from .services import status as status_service


@asking(routes.IDENTITY)
def identity() -> bytes:
    return identity_service.public().to_bytes()


@asking(routes.DOCUMENT)
def document() -> bytes:
    return openapi.document_bytes()


@serving(routes.OPEN_SAFE)
def open_safe(ticket: AccountTicket, request: messages.OpenSafe) -> Reply:
    return (201 if safes.open_safe(ticket, request) else 200), messages.Empty()


@serving(routes.START_REGISTRATION)
def start_registration(ticket: AccountTicket, request: messages.StartRegistration) -> Reply:
    return 201, registration.start(ticket, request)


@serving(routes.FINISH_REGISTRATION)
def finish_registration(ticket: AccountTicket, request: messages.FinishRegistration) -> Reply:
    return 200, registration.finish(ticket, request)


@serving(routes.START_LOGIN)
def start_login(ticket: AccountTicket, request: messages.StartLogin) -> Reply:
    return 200, login.start(ticket, request)


@serving(routes.FINISH_LOGIN)
def finish_login(ticket: AccountTicket, request: messages.FinishLogin) -> Reply:
    return 200, login.finish(ticket, request)


@serving(routes.START_REPLACEMENT)
def start_replacement(ticket: AccountTicket, request: messages.StartRegistration) -> Reply:
    return 201, replacement.start(ticket, request)


@serving(routes.FINISH_REPLACEMENT)
def finish_replacement(ticket: AccountTicket, request: messages.FinishRegistration) -> Reply:
    return 200, replacement.finish(ticket, request)


@serving(routes.START_PROOF)
def start_proof(ticket: AccountTicket, request: messages.StartLogin) -> Reply:
    return 200, replacement.start_login(ticket, request)


@serving(routes.FINISH_PROOF)
def finish_proof(ticket: AccountTicket, request: messages.FinishLogin) -> Reply:
    return 200, login.finish(ticket, request)


@serving(routes.PROMOTE)
def promote(ticket: AccountTicket, request: messages.Promote) -> Reply:
    replacement.promote(ticket, request)
    return 200, messages.Empty()


@serving(routes.STATUS)
def status(ticket: AccountTicket, request: messages.Empty) -> Reply:
    return 200, status_service.read(ticket)


@serving(routes.SET_HEAD)
def set_head(ticket: AccountTicket, request: messages.SetHead) -> Reply:
    safes.set_head(ticket, request)
    return 200, messages.Empty()


@serving(routes.READ_HEAD)
def read_head(ticket: AccountTicket, request: messages.ReadHead) -> Reply:
    return 200, safes.read_head(ticket, request)


@serving(routes.DESTROY)
def destroy(ticket: AccountTicket, request: messages.Destroy) -> Reply:
    ending.destroy(ticket, request)
    return 200, messages.Empty()


@serving(routes.EVENTS)
def events(ticket: AccountTicket, request: messages.ReadEvents) -> Reply:
    return 200, activity.read(ticket, request)


@serving(routes.FEED)
def feed(ticket: AccountTicket, request: messages.ReadFeed) -> Reply:
    return 200, feed_service.read(ticket, request)


@serving(routes.PAUSE)
def pause(ticket: AccountTicket, request: messages.Empty) -> Reply:
    return 200, pausing.pause(ticket)


@serving(routes.RESUME)
def resume(ticket: AccountTicket, request: messages.Empty) -> Reply:
    return 200, pausing.resume(ticket)

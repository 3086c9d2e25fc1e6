"""Requests through fetch: to the site's own origin with session and CSRF token, to the operator's bucket without."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from pyodide.ffi import to_js

from webapp.engine.errors import Cancelled, NetworkDown
from webapp.engine.ports import Data, Response

from . import bridge
from .crossing import crossing

NO_REPLY = 0
ABORTED = -1


# True within the verbs that the page can stop. The page's flag stays up until the next of these begins, and must not
# end what else is asked meanwhile.
cancellable: ContextVar[bool] = ContextVar("cancellable", default=False)


class BrowserHttp:
    """The `Http` port. Requests of a cancellable verb end at once when the person cancels."""

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        # A request about a guess is never cut off half way: the reply says what it cost.
        may_end = cancellable.get() and not path.startswith("/vault/")
        sent = None if body is None else crossing(body)
        fields = to_js(dict(headers or {}))
        return _response(await bridge.js.request(method, path, sent, fields, may_end))

    async def external(
        self, method: str, url: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        sent = None if body is None else crossing(body)
        return _response(await bridge.js.external(method, url, sent, to_js(dict(headers or {})), cancellable.get()))


def _response(reply: Any) -> Response:
    if reply.status == ABORTED:
        raise Cancelled
    if reply.status == NO_REPLY:
        raise NetworkDown
    return Response(reply.status, reply.headers.to_py(), reply.body)

"""The engine's `Http` port over a browser context's own requests: a native client with the page's session."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from webapp.engine.ports import Data, Response


class PageHttp:
    """csrf: as `me` gave it, once it has been asked."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.csrf = ""

    async def request(
        self, method: str, path: str, *, body: Data | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        origin = self._page.evaluate("location.origin")
        reply = self._page.context.request.fetch(
            f"{origin}{path}",
            method=method,
            data=None if body is None else bytes(body),  # type: ignore[call-overload]
            headers={**(headers or {}), "x-csrftoken": self.csrf, "origin": origin},
        )
        return Response(reply.status, reply.headers, reply.body())

    async def json(self, method: str, path: str) -> dict[str, Any]:
        return dict(json.loads(bytes((await self.request(method, path)).body)))  # type: ignore[call-overload]

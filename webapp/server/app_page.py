"""The browser app's one page, whatever the address under /app/ (the app reads it itself), and its list of digests."""

from http import HTTPStatus

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

FILES = {
    # The list of digests, so that anybody can compare what is served with a build of their own.
    "manifest.json": "application/json",
    # The app as a folder, for the day the site is gone.
    "offline.zip": "application/zip",
}


@require_safe
def app_page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """static/dist/index.html, always asked for anew so that a new release is seen at once; 503 until it is built."""
    if path.startswith("assets/"):
        raise Http404("no such asset")
    name, kind = (path, FILES[path]) if path in FILES else ("index.html", "text/html; charset=utf-8")
    try:
        file = (settings.APP_BUNDLE / name).open("rb")
    except FileNotFoundError:
        response = render(request, "site/app_missing.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Cache-Control"] = "no-store"
        return response
    page = FileResponse(file, content_type=kind)
    page["Cache-Control"] = "no-cache"
    return page

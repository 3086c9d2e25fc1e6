"""The page behind "this wasn't me": opening it changes nothing (mail scanners open links), its button acts."""

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from webapp.server.accounts.sessions import end_every_session

from . import not_me_links, owner_mails, pauses


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def not_me(request: HttpRequest) -> HttpResponse:
    """GET: what will happen. POST: every session of the account ends and guessing pauses until the next sign-in."""
    posted = request.method == "POST"
    token = (request.POST if posted else request.GET).get("t", "")
    link = not_me_links.find(token)
    if link is None:
        return render(request, "site/not_me.html", {"state": "gone"}, status=410)
    if not posted:
        return render(request, "site/not_me.html", {"state": "ask", "token": token, "email": link.account.email})
    with transaction.atomic():
        if not not_me_links.use(link):
            return render(request, "site/not_me.html", {"state": "gone"}, status=410)
        end_every_session(link.account)
        pauses.pause(link.account)
        owner_mails.owe_about(link.account, "guessing_paused", {})
    if request.user == link.account:
        logout(request)
    return render(
        request, "site/not_me.html", {"state": "done", "email": link.account.email, "origin": settings.SITE_ORIGIN}
    )

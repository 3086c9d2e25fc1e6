"""The inbox page: in development, mail lands here, so that a first sign-in needs no mail server."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .models import Mail

SHOWN = 30
CODE = re.compile(r"^\s*(\d{4}-\d{4})\s*$", re.MULTILINE)


def code_in(text: str) -> str | None:
    """The code that stands alone on a line of a mail's text, or None."""
    found = CODE.search(text)
    return found.group(1) if found else None


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest mails first, each with its code where it has one. Exists only where COFFER_INBOX is set."""
    if not settings.COFFER_INBOX:
        raise Http404("this site delivers its mail")
    mails = [
        {"mail": mail, "to": ", ".join(mail.recipients), "code": code_in(mail.text)}
        for mail in Mail.objects.order_by("-id")[:SHOWN]
    ]
    return render(request, "site/inbox.html", {"mails": mails})

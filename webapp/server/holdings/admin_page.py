"""The admin's page of what can be handed over about one account."""

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from webapp.server.accounts.models import Account

from . import report, vault

NEWEST = 20


def hand_over(request: HttpRequest, site: AdminSite, pk: str) -> HttpResponse:
    """Reads only. The caller has checked that the asker may see accounts."""
    account = Account.objects.filter(pk=pk).first() if pk.isdecimal() else None
    if account is None:
        raise Http404
    facts = {
        **site.each_context(request),
        "title": f"What can we hand over about {account.email}?",
        "account": account,
        "parts": report.overview(account, NEWEST),
        "vault_answers": list(vault.asked(account)),
        "vault_keeps": vault.KEPT_THERE,
        "besides": report.BESIDES,
        "not_held": report.NOT_HELD,
    }
    return TemplateResponse(request, "admin/holdings/hand_over.html", facts)

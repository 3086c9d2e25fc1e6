"""Showing which browser a session belongs to."""

from django import template
from django.utils.translation import gettext as _

from webapp.server.accounts.browser_names import browser_name

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    """`Firefox on Windows`, or as much of it as can be told."""
    name, system = browser_name(user_agent)
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("An unknown browser")

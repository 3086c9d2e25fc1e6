"""One way to draw a form field: label, help, input, errors, tied together for screen readers."""

from django import template
from django.forms import BoundField

register = template.Library()


@register.inclusion_tag("site/field.html")
def field(
    bound: BoundField, label: str = "", help: str = "", kind: str = "", autofocus: bool = False
) -> dict[str, object]:
    """kind: "code" for a code typed from a mail or an authenticator, empty for any other."""
    help = help or str(bound.help_text or "")
    described = [f"{bound.auto_id}_{part}" for part, there in (("help", help), ("error", bound.errors)) if there]
    attributes: dict[str, str | bool] = {"class": "input input-code" if kind == "code" else "input", "placeholder": ""}
    if kind == "code":
        attributes |= {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if autofocus or bound.errors:
        attributes["autofocus"] = True
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help,
        "input": bound.as_widget(attrs=attributes),
    }

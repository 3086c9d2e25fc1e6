"""What every page's template knows about this site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """inbox: whether mail lands in the inbox page; operator: who runs this site; open_signup."""
    return {
        "inbox": settings.COFFER_INBOX,
        "operator": settings.COFFER_OPERATOR,
        "open_signup": settings.COFFER_OPEN_SIGNUP,
    }

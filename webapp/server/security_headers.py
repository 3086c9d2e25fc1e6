"""The security headers of every response, and the content security policy of every area, in one place."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.csp import CSP, build_policy

type Policy = dict[str, list[str]]

# Pages that Django renders: first-party files only, nothing inline.
SITE: Policy = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# The browser app, its workers included: a worker takes the policy of its own script's response.
APP: Policy = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.WASM_UNSAFE_EVAL],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:"],
    "media-src": ["blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# The admin's theme evaluates expressions in its pages (Alpine) and writes style attributes. Nobody's backup is ever
# shown there, and still nothing comes from another host.
ADMIN: Policy = {
    **SITE,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}

# Answers for programs: nothing in them may ever be run or shown.
API: Policy = {"default-src": [CSP.NONE], "base-uri": [CSP.NONE], "frame-ancestors": [CSP.NONE]}

AREAS: list[tuple[str, Policy]] = [
    ("/app/", APP),
    ("/admin/", ADMIN),
    ("/api/", API),
    ("/vault/", API),
    ("/health/", API),
    ("/metrics", API),
]

EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Passkeys are made and used by this origin's own pages, by no frame of another.
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}


APP_REFERRER = "no-referrer"
# Not no-referrer: browsers then send `Origin: null` with a plain form, which no CSRF check can accept. Other sites
# learn nothing either way.
SITE_REFERRER = "same-origin"


def policy_for(path: str) -> str:
    """The policy of the area that a path lies in; the strict one of the site for all that has no other."""
    for prefix, policy in AREAS:
        if path.startswith(prefix):
            return build_policy(_with_bucket(policy) if policy is APP else policy)
    return build_policy(SITE)


def _with_bucket(policy: Policy) -> Policy:
    """The app may also talk to the operator's bucket, where sealed chunks are sent and fetched past the site."""
    place = settings.CHUNK_BUCKET
    if place is None or not settings.CHUNK_DIRECT:
        return policy
    return {**policy, "connect-src": [*policy["connect-src"], place.origin]}


class SecurityHeaders:
    """Stands above every other middleware that answers, so that files and refusals carry the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response[name] = value
        response["Referrer-Policy"] = APP_REFERRER if request.path_info.startswith("/app/") else SITE_REFERRER
        response[str(CSP.HEADER_ENFORCE)] = policy_for(request.path_info)
        return response

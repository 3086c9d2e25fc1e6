"""Every address of the site, but for /health/live and /health/ready: ops/health.py answers those."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from . import app_page, pages
from .accounts.fresh_sign_in import after_fresh_sign_in
from .accounts.gate import guard_admin
from .backups.keep_page import keep
from .leaving.pages import delete_account, your_data
from .notices.not_me import not_me

guard_admin(admin.site)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.landing, name="landing"),
    path("promises/", pages.promises, name="promises"),
    path("limits/", pages.limits, name="limits"),
    path("hand-over/", pages.hand_over, name="hand_over"),
    path("accounts/your-data/", after_fresh_sign_in(your_data, back_to="your_data"), name="your_data"),
    path("accounts/delete/", after_fresh_sign_in(delete_account, back_to="delete_account"), name="delete_account"),
    path("accounts/", include("webapp.server.accounts.urls")),
    path("not-me/", not_me, name="not_me"),
    path("keep/", keep, name="keep"),
    path("favicon.ico", pages.favicon),
    path("app/", app_page.app_page, name="app"),
    path("app/<path:path>", app_page.app_page),
    path("admin/", admin.site.urls),
]

# Two interfaces, each in its own room; a vault on a host of its own is reached through the site, so that the browser
# knows one origin.
urlpatterns += [
    path("api/v1/", include("webapp.server.backups.urls")),
    path("vault/v1/", include("webapp.server.vault_link.urls" if settings.VAULT_URL else "vault.server.urls")),
]

if settings.COFFER_INBOX:
    urlpatterns.append(path("inbox/", include("webapp.server.notices.inbox_urls")))

handler400 = "webapp.server.pages.bad_request"
handler403 = "webapp.server.pages.permission_denied"
handler404 = "webapp.server.pages.not_found"
handler429 = "webapp.server.pages.too_many_requests"
handler500 = "webapp.server.pages.server_error"

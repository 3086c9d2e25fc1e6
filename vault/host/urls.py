"""Every address of a vault on a host of its own: the API, and two questions about its health."""

from django.urls import include, path, re_path

from vault.server.endpoint import nothing_here

from . import health

urlpatterns = [
    path("vault/v1/", include("vault.server.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    re_path("", nothing_here),
]

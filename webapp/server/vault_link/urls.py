"""The routes of the wire's table that browsers ask, forwarded; nothing else is."""

from django.urls import path, re_path

from vault.wire.routes import FORWARDED

from .views import forwarding, nothing_here

urlpatterns = [
    *(path(route.path, forwarding(route), name=f"vault-{route.name}") for route in FORWARDED),
    re_path("", nothing_here),
]

"""The routes of the wire's table, forwarded; nothing else is."""

from django.urls import path, re_path

from vault.wire.routes import ROUTES

from .views import forwarding, nothing_here

urlpatterns = [
    *(path(route.path, forwarding(route), name=f"vault-{route.name}") for route in ROUTES),
    re_path("", nothing_here),
]

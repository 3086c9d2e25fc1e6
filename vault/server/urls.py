"""The vault's routes, mounted at /vault/v1/: those of the wire's table, and 404 in their shape for the rest."""

from django.urls import path, re_path

from vault.wire.routes import ROUTES

from . import views
from .endpoint import VIEWS, nothing_here

app_name = "vault"

assert views  # importing it fills VIEWS; a route without a view fails here, at the start
urlpatterns = [
    *(path(route.path, VIEWS[route.name], name=route.name) for route in ROUTES),
    re_path("", nothing_here, name="nothing-here"),
]

"""Every address of the vault's admin."""

from django.contrib import admin
from django.urls import path

from . import health

urlpatterns = [path("health/live", health.live), path("", admin.site.urls)]

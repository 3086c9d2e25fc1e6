"""The inbox page's addresses."""

from django.urls import path

from . import inbox

urlpatterns = [path("", inbox.inbox, name="inbox")]

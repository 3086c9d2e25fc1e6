"""/api/v1/: every address behind the same entrance."""

from django.urls import URLPattern, re_path

from .api import api
from .entrance import guarded, nothing_here


def _guarded_patterns() -> list[URLPattern]:
    patterns: list[URLPattern] = []
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = guarded(pattern.callback)
            patterns.append(pattern)
    return patterns


urlpatterns = [*_guarded_patterns(), re_path("", guarded(nothing_here))]

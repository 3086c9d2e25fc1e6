#!/usr/bin/env python
"""Coffer's administrative commands: `manage.py setup`, `manage.py run` and Django's own."""

import os
import sys


def main() -> None:
    """Choose the settings by COFFER_MODE (development unless it says production) and hand over to Django."""
    mode = os.environ.get("COFFER_MODE", "development")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"webapp.server.settings.{mode}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

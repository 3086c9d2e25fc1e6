"""Adapters that exist only natively: command line, local files, HTTP."""

"""Coffer's site and engine: see docs/architecture.md for which room runs where."""

"""Safes, chunks and snapshots: sealed bytes in, the same bytes out. Nothing here can open them."""

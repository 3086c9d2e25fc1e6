"""Bytes in, bytes out: the sealed stream, chunks, manifests and the arithmetic of their sizes (docs/format.md)."""

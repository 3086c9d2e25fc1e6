"""The guess-limited key vault. It never imports `webapp` and can run on a host of its own (docs/vault-protocol.md)."""

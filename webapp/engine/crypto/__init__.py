"""Keys, secrets and sealing, behind one provider port with a native and a browser implementation."""

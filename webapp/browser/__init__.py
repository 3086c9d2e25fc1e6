"""Adapters that exist only under Pyodide: the bridge to JavaScript, WebCrypto, files, fetch."""

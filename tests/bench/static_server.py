"""A static file server with the headers of the product: one for both sides of a comparison."""

import mimetypes
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
}
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".whl": "application/zip"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    roots: ClassVar[dict[str, Path]] = {}
    pages: ClassVar[dict[str, tuple[str, bytes]]] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in self.pages:
            kind, content = self.pages[path]
            return self._send(kind, content)
        for prefix, root in self.roots.items():
            file = root / path.removeprefix(prefix).lstrip("/")
            if path.startswith(prefix) and file.is_file():
                kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                for encoding, ending in (("zstd", ".zst"), ("br", ".br")):
                    packed = file.with_name(file.name + ending)
                    if packed.is_file() and encoding in self.headers.get("Accept-Encoding", ""):
                        return self._send(kind, packed.read_bytes(), encoding)
                return self._send(kind, file.read_bytes())
        return self.send_error(404)

    def _send(self, kind: str, content: bytes, encoding: str | None = None) -> None:
        self.send_response(200)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        return


def serve(roots: dict[str, Path], pages: dict[str, tuple[str, bytes]]) -> tuple[ThreadingHTTPServer, str]:
    """Starts serving folders under prefixes, and single pages; returns (server, origin). Call shutdown() after."""
    handler = type("Handler", (_Handler,), {"roots": roots, "pages": pages})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://localhost:{server.server_address[1]}"

"""The list of digests that the promises page speaks of is really served, and it is the build's own."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.test import Client


def test_the_list_of_digests_is_served_as_it_was_built(client: Client, settings: Any, tmp_path: Path) -> None:
    page = b"<!doctype html><title>Coffer</title>"
    manifest = json.dumps({"files": {"index.html": hashlib.sha256(page).hexdigest()}})
    (tmp_path / "index.html").write_bytes(page)
    (tmp_path / "manifest.json").write_text(manifest)
    settings.APP_BUNDLE = tmp_path
    listed = client.get("/app/manifest.json")
    assert listed["Content-Type"] == "application/json"
    files = json.loads(listed.getvalue())["files"]
    assert files["index.html"] == hashlib.sha256(client.get("/app/").getvalue()).hexdigest()

"""The browser app as files: one page for every address, assets that never change, and a word when nothing is built."""

import brotli
import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundle(settings, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>app</title>")
    script = "export const answer = 42;\n" * 100
    (tmp_path / "assets" / "main.0a1b2c3d.js").write_text(script)
    (tmp_path / "assets" / "main.0a1b2c3d.js.br").write_bytes(brotli.compress(script.encode()))
    (tmp_path / "assets" / "engine.ffff0000.wasm").write_bytes(b"\0asm")
    settings.APP_BUNDLE = tmp_path
    return tmp_path


@pytest.mark.parametrize("path", ["/app/", "/app/new", "/app/read/" + "0" * 32 + "/" + "1" * 32])
def test_every_address_of_the_app_is_its_one_page_asked_for_anew(fetch, bundle, path):
    reply, body = fetch(path)
    assert reply.status_code == 200
    assert body == b"<!DOCTYPE html><title>app</title>"
    assert reply["Content-Type"] == "text/html; charset=utf-8"
    assert reply["Cache-Control"] == "no-cache"


def test_an_asset_is_kept_forever_and_comes_compressed(fetch, bundle):
    reply, body = fetch("/app/assets/main.0a1b2c3d.js", Accept_Encoding="br")
    assert reply["Content-Encoding"] == "br"
    assert "immutable" in reply["Cache-Control"]
    assert reply["Content-Type"].startswith("text/javascript")
    assert brotli.decompress(body).startswith(b"export const answer")


def test_wasm_has_the_type_that_streaming_compilation_needs(fetch, bundle):
    reply, _ = fetch("/app/assets/engine.ffff0000.wasm")
    assert reply["Content-Type"] == "application/wasm"


def test_a_missing_asset_is_missing_and_not_the_page(client, bundle):
    assert client.get("/app/assets/gone.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/app/assets/../index.html", "/app/assets/%2e%2e/index.html", "/app/assets//etc/passwd"]
)
def test_no_asset_address_leaves_the_folder(client, bundle, path):
    assert client.get(f"/app/assets/{path}").status_code == 404


def test_without_a_build_the_page_says_so(client, settings, tmp_path):
    settings.APP_BUNDLE = tmp_path / "nothing"
    reply = client.get("/app/")
    assert reply.status_code == 503
    assert "make app" in reply.content.decode()


def test_the_app_takes_no_forms(client, bundle):
    assert client.post("/app/").status_code == 405

"""The app as one folder for the day the site is gone: `python static/build/offline.py [--app FOLDER] [--out ZIP]`.

A zip with the built app, a small server, a README and the SHA-256 of every file. The same build gives the same bytes:
entries are sorted, stored and dated 1980. `static/build/app.py` writes it beside the app, and the site offers it as
/app/offline.zip.
"""

import argparse
import hashlib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = Path(__file__).resolve().parent / "offline"
FOLDER = "coffer-offline"
PAGE = "open-container"
EPOCH = (1980, 1, 1, 0, 0, 0)
TWINS = {".br", ".zst", ".gz"}
NAME = "offline.zip"


def contents(app: Path) -> dict[str, bytes]:
    """Every file of the folder, by its path in it."""
    files = {path.name: path.read_bytes() for path in sorted(PARTS.iterdir()) if path.is_file()}
    for path in sorted(app.rglob("*")):
        if path.is_file() and path.suffix not in TWINS and path.name != NAME:
            files[f"app/{path.relative_to(app).as_posix()}"] = path.read_bytes()
    # At the address that the app knows, also behind a server that knows nothing of it.
    files[f"app/{PAGE}/index.html"] = files["app/index.html"]
    files["static/site/favicon.svg"] = (ROOT / "static" / "site" / "favicon.svg").read_bytes()
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    ).encode()
    return files


def write(app: Path, out: Path) -> None:
    """The zip of a built app."""
    staged = out.with_name(f"{out.name}.part")
    with zipfile.ZipFile(staged, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(contents(app).items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    staged.replace(out)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the app as a folder that needs no site.")
    parser.add_argument("--app", type=Path, default=ROOT / "static" / "dist", help="a built app")
    parser.add_argument("--out", type=Path, default=ROOT / "static" / "dist" / NAME)
    options = parser.parse_args()
    write(options.app, options.out)


if __name__ == "__main__":
    main()

"""Compressed twins beside every file of a build that gains by them: brotli for all, zstd for the engine.

What the engine is made of is large, and zstd is opened three times as fast as brotli for 3 % more bytes; browsers that
do not know it get the brotli twin. Twins are kept by content, since the runtime rarely changes.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GAINING = {".js", ".mjs", ".css", ".html", ".json", ".wasm", ".zip", ".whl", ".bin", ".svg"}
ENGINE_FOLDER = "engine-"
# Browsers accept windows of at most 8 MiB (RFC 9659).
ZSTD = {zstd.CompressionParameter.compression_level: 15, zstd.CompressionParameter.window_log: 23}


def _brotli(content: bytes) -> bytes:
    return brotli.compress(content, quality=10)


def _zstd(content: bytes) -> bytes:
    return zstd.compress(content, options=ZSTD)


def _twin(file: Path, ending: str, method: Callable[[bytes], bytes], kept: Path) -> None:
    content = file.read_bytes()
    place = kept / (hashlib.sha256(content).hexdigest() + ending)
    if not place.exists():
        part = place.with_suffix(f"{ending}.{os.getpid()}.part")
        part.write_bytes(method(content))
        part.replace(place)
    file.with_name(file.name + ending).write_bytes(place.read_bytes())


def add_twins(build: Path, kept: Path) -> None:
    """Writes x.br (and x.zst in the engine's folder) beside every x of the build; kept: folder of twins made before."""
    kept.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as workers:
        jobs = []
        for file in sorted(build.rglob("*")):
            if not file.is_file() or file.suffix not in GAINING:
                continue
            jobs.append(workers.submit(_twin, file, ".br", _brotli, kept))
            if file.parent.name.startswith(ENGINE_FOLDER):
                jobs.append(workers.submit(_twin, file, ".zst", _zstd, kept))
        for job in jobs:
            job.result()

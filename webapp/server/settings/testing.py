"""Tests: everything real, in a folder of its own that goes when the process ends."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="coffer-test-")
_owner = os.getpid()


def _remove() -> None:
    # A forked child inherits the hook; only the process that made the folder may remove it.
    if os.getpid() == _owner:
        shutil.rmtree(_folder, ignore_errors=True)


atexit.register(_remove)
for _name in [name for name in os.environ if name.startswith("COFFER_")]:
    del os.environ[_name]
os.environ["COFFER_DATA"] = _folder

from . import base  # noqa: E402
from .development import *  # noqa: E402, F403
from .development import DATABASES  # noqa: E402

# The limits that a public server has.
ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]  # noqa: F405
for _alias, _database in DATABASES.items():
    _database["TEST"] = {"NAME": str(Path(_folder) / f"test-{_alias}.sqlite3")}

# A power cut does not matter to the site here, the seconds do; the vault stays as strict as it is in earnest.
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
}

"""Pytest plugin: the site that tests run against.

Loaded with ``-p`` so that it comes before Django reads its settings. The database is the one named by
``ANLAN_DATABASE`` (SQLite without it); every process has its own directory for files and its own database.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="anlan-tests-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)

if "PYTEST_XDIST_WORKER" in os.environ or "ANLAN_DATABASE" not in os.environ:
    chosen = os.environ.get("ANLAN_DATABASE", "sqlite")
    os.environ["ANLAN_DATABASE"] = f"sqlite:///{VAR}/anlan.sqlite3" if chosen.startswith("sqlite") else chosen
os.environ.update(
    ANLAN_DEBUG="0",
    ANLAN_DEMO="0",
    ANLAN_HASHED_STATIC="0",
    ANLAN_SECRET_KEY=secrets.token_urlsafe(48),
    ANLAN_MODULES=",".join(["tests.sample", *filter(None, [os.environ.get("ANLAN_FURTHER")])]),
    ANLAN_TLS="0",
    ANLAN_VAR=str(VAR),
    DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright keeps a loop in the thread of the tests
    DJANGO_SETTINGS_MODULE="anlan.site.settings",
)

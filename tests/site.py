"""Pytest plugin: database file, cache and password hashing of the tests."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings


def pytest_configure() -> None:
    """Keep SQLite in a file, so that threads and the live server meet on it as they do on a real site.

    Not a fixture: pytest-django's own, registered later, would win over it.
    """
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(settings.VAR / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def quick_site() -> Iterator[None]:
    """Cheap password hashing, a cache in memory, static files looked for when asked; no test depends on these.

    Otherwise every new ``Client`` lists all static files once more.
    """
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        WHITENOISE_AUTOREFRESH=True,
    ):
        yield


@pytest.fixture(autouse=True)
def empty_cache(quick_site: None) -> None:
    """Let no test see what another one cached."""
    cache.clear()

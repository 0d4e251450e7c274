"""The site does not start with sample keys, debugging on open hosts, sign-in in the clear, or secrets that
other accounts of the machine can read (MLPS.06).
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

SAMPLES = (
    "changeme",
    "change-me",
    "sample",
    "example",
    "insecure",
    "dev-only",
    "secret-key",
    "secretkey",
    "0123456789",
)
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}
SHORTEST = 32


OTHERS = 0o007
"""Bits of a file's mode that open it to every account of the machine."""


def _is_local() -> bool:
    return set(settings.ALLOWED_HOSTS) <= LOOPBACK


def _key(name: str) -> str:
    try:
        return str(getattr(settings, name))
    except ImproperlyConfigured:
        return ""


def _key_faults(name: str) -> Iterator[str]:
    key = _key(name)
    looks_sample = any(word in key.lower() for word in SAMPLES)
    if len(key) < SHORTEST:
        yield f"ANLAN_{name} is missing or shorter than {SHORTEST} characters"
    elif len(set(key)) < 10:
        yield f"ANLAN_{name} repeats a few characters"
    elif looks_sample and not _is_local():
        yield f"ANLAN_{name} is a sample; make one of your own"


def _open_secrets() -> Iterator[str]:
    for path in map(Path, settings.SECRET_FILES):
        if path.exists() and path.stat().st_mode & OTHERS:
            yield f"{path.name} can be read by every account of this machine: chmod 600 it"


def _faults() -> Iterator[Error]:
    for name in dict.fromkeys(("SECRET_KEY", "AUDIT_KEY")):
        yield from (Error(text, id="anlan.E010") for text in _key_faults(name))
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("ANLAN_HOSTS must name the site's hosts", id="anlan.E012")
    if _is_local():
        return
    if settings.DEBUG:
        yield Error("ANLAN_DEBUG must be off on a site others can reach", id="anlan.E011")
    if "Argon2" not in settings.PASSWORD_HASHERS[0]:
        yield Error("passwords must be hashed with argon2", id="anlan.E013")
    if not (settings.BEHIND_TLS and settings.SESSION_COOKIE_SECURE):
        words = "set ANLAN_TLS=on once a proxy in front ends TLS: sign-in would travel in the clear"
        yield Error(words, id="anlan.E014")
    yield from (Error(text, id="anlan.E015") for text in _open_secrets())


def check_settings(**_: object) -> list[CheckMessage]:
    """System check: errors stop every command and the server."""
    return list(_faults())

"""The site does not start with sample keys, debugging on open hosts, or cookies sent in the clear
(MLPS.06).
"""

from django.conf import settings
from django.core import checks
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


def _is_local() -> bool:
    return set(settings.ALLOWED_HOSTS) <= LOOPBACK


def _key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _key_faults() -> list[str]:
    key = _key()
    if len(key) < SHORTEST:
        return [f"ANLAN_SECRET_KEY is missing or shorter than {SHORTEST} characters"]
    if len(set(key)) < 10:
        return ["ANLAN_SECRET_KEY repeats a few characters"]
    looks_sample = any(word in key.lower() for word in SAMPLES)
    return ["ANLAN_SECRET_KEY is a sample; make one of your own"] if looks_sample and not _is_local() else []


def check_settings(**_: object) -> list[CheckMessage]:
    """System check: errors stop every command and the server."""
    found: list[CheckMessage] = [Error(text, id="anlan.E010") for text in _key_faults()]
    if settings.DEBUG and not _is_local():
        found.append(Error("ANLAN_DEBUG must be off on a site others can reach", id="anlan.E011"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ANLAN_HOSTS must name the site's hosts", id="anlan.E012"))
    if any("Argon2" not in name for name in settings.PASSWORD_HASHERS[:1]) and not _is_local():
        found.append(Error("passwords must be hashed with argon2", id="anlan.E013"))
    if not _is_local() and not settings.SESSION_COOKIE_SECURE:
        found.append(checks.Warning("ANLAN_TLS is off: sign-in would travel in the clear", id="anlan.W010"))
    return found

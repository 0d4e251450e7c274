"""Every address of the site, and who may knock there."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from anlan.engines.registry.api import ledgers

# Open to everybody; whatever else is public must be added here on purpose.
PUBLIC = {"sign-in/", "sign-in/code/", "activate/"}
# Signed in is enough: these show and change only what belongs to the person, and answer 404 for the rest.
PERSONAL = (
    "",
    "sign-out/",
    "account/",
    "files/",
    "forms/responses/",
    "forms/versions/",
    "imports/<uuid:uid>/",
    "messages/",
    "notifications/",
    "todos/",
    "jobs/",
    "exports/",
    "safety/field/sw.js",
    "search/",
    "tasks/",
)
# A right is asked for; without one the answer is 403 or 404.
RIGHT = (
    "accounts/",
    "account-requests/",
    "activations/",
    "shares/",
    "roles/",
    "grants/",
    "policy/",
    "audit/",
    "imports/of/",
    "forms/",
    "safety/",
    "site-security/",
    "patrols/",
    "base/",
    "schools/",
    "analysis/",
    "units/",
    "calendar/",
)
FILLED = {"int": "1", "uuid": "018f0000-0000-7000-8000-000000000000", "slug": "x", "str": "x", "path": "x"}


def routes() -> Iterator[tuple[str, URLPattern, str]]:
    """Address pattern, its entry, and the ledger it belongs to (or nothing)."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list, prefix: str, space: str) -> Iterator[tuple[str, URLPattern, str]]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry.url_patterns, address, entry.namespace or space)
        else:
            yield address, entry, space


def others() -> list[tuple[str, URLPattern]]:
    """Addresses that no ledger brings along."""
    codes = set(ledgers.codes())
    tails = ("import", "export", "export/full", "pdf", "<int:pk>/pdf")
    generated = {f"{ledger.url.lstrip('/')}{tail}" for ledger in ledgers for tail in tails}
    return [
        (address, entry)
        for address, entry, space in routes()
        if space not in codes | {"api"} and address not in generated and not address.startswith("static/")
    ]


def expectation(address: str) -> str:
    """public, personal or right; nothing for an address nobody thought about."""
    if address in PUBLIC:
        return "public"
    personal = max((start for start in PERSONAL if _under(address, start)), key=len, default=None)
    right = max((start for start in RIGHT if _under(address, start)), key=len, default=None)
    if personal is None and right is None:
        return ""
    return "personal" if len(personal or "") >= len(right or "") and personal is not None else "right"


def _under(address: str, start: str) -> bool:
    return address == start if not start else address.startswith(start)


def concrete(address: str) -> str:
    """The address with something in place of its parameters."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: FILLED[found[1]], address)

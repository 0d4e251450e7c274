"""Every address of the site, and who may knock there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, get_resolver

from anlan.engines.analytics.api import PUBLISH, analyses, sheets
from anlan.engines.registry.api import Ledger, ledgers
from anlan.engines.registry.interface.api import build
from tests.conformance.accounts_routes import SHELVES
from tests.conformance.alarms_routes import ALARMS
from tests.conformance.collecting_routes import COLLECTING
from tests.conformance.duty_routes import DUTY
from tests.conformance.figures_routes import FIGURES
from tests.conformance.rounds_routes import ROUNDS
from tests.conformance.rows import a_person
from tests.conformance.subjects import (
    Made,
    Maker,
    a_code,
    a_file,
    a_form,
    a_grant_of,
    a_job,
    a_message,
    a_published_form,
    a_role_of_nobody,
    a_session_of,
    a_task,
    an_account,
    an_activation,
    an_entry,
    an_export,
    an_import,
    an_upload,
    no_subject,
    of_model,
)


@dataclass(frozen=True)
class Address:
    """``rights``: words, one of which opens the address; none: it shows only what belongs to the person.

    ``subject`` makes what the parameters point to at a unit. ``narrowed``: a rule of the domain lets only some
    holders of the right pass; its own tests show whom.
    """

    rights: str = ""
    subject: Maker = no_subject
    narrowed: bool = False


# Open to everybody; whatever else is public must be added here on purpose.
PUBLIC = {"sign-in/", "sign-in/code/", "activate/", "verify/<str:token>/", "alarms/door/", "alarms/feed/"}
ACCOUNTS, REQUESTS, GRANTS = "identity.accounts", "identity.requests", "identity.grants"
FORMS, ITEMS, TASKS = "forms.forms", "forms.items", "tasks.school_tasks.view"
KEYS, PARTS = "registry.api_keys", "safety.special_parts.view"
FIELD = (
    "safety.inspections.submit safety.hazards.submit safety.hazards.settle "
    "safety.quick.add safety.special_parts.judge_school patrols.stamps.walk dormitory.roll_calls.take "
    "duty.turns.serve"
)
asked = of_model("identity.AccountRequest", requested_by=a_person)
item = lambda unit: {**of_model("forms.Item")(unit), "act": "delete"}  # noqa: E731
category = lambda unit: {**of_model("forms.ItemCategory")(unit), "act": "delete"}  # noqa: E731
part = lambda unit: {**of_model("safety.SpecialPart")(unit), "level": "school", "result": 1}  # noqa: E731
key, share = of_model("registry.ApiKey", user=a_person), of_model("org.Share", agency=lambda unit: unit)
notice = of_model("safety.Notice")
document = lambda unit: {**of_model("library.Document")(unit), "number": 1}  # noqa: E731

ADDRESSES = {
    "": Address(),
    "sign-out/": Address(),
    "account/": Address(),
    "account/password/": Address(),
    "account/activation/": Address(),
    "account/second-factor/": Address(),
    "account/second-factor/off/": Address(),
    "account/sessions/<int:pk>/end/": Address(f"{ACCOUNTS}.edit", a_session_of),
    "account/duty/<int:pk>/": Address("", a_grant_of),
    "account/keep/": Address(),
    "account/keys/": Address(f"{KEYS}.add {KEYS}.edit"),
    "account/keys/new/": Address(f"{KEYS}.add"),
    "account/keys/<int:pk>/": Address(f"{KEYS}.edit", key),
    "account/keys/<int:pk>/revoke/": Address(f"{KEYS}.edit", key),
    "accounts/": Address(f"{ACCOUNTS}.view"),
    "accounts/open/": Address(f"{ACCOUNTS}.add"),
    "accounts/review/": Address(f"{ACCOUNTS}.edit"),
    "accounts/<int:pk>/": Address(f"{ACCOUNTS}.view", an_account),
    "accounts/<int:pk>/<slug:act>/": Address(f"{ACCOUNTS}.edit", an_account),
    "account-requests/": Address(f"{REQUESTS}.view {REQUESTS}.add"),
    "account-requests/new/": Address(f"{REQUESTS}.add"),
    "account-requests/<int:pk>/": Address(f"{REQUESTS}.view", asked),
    "account-requests/<int:pk>/decide/": Address(f"{REQUESTS}.decide", asked),
    "activations/": Address("identity.activations.view"),
    "activations/new/": Address("identity.activations.add"),
    "activations/<int:pk>/": Address("identity.activations.view", an_activation),
    "activations/<int:pk>/renew/": Address("identity.activations.add", an_activation),
    "shares/": Address("org.shares.add org.shares.receive"),
    "shares/new/": Address("org.shares.add"),
    "shares/<int:pk>/": Address("org.shares.add org.shares.receive", share),
    "shares/<int:pk>/end/": Address("org.shares.add", share),
    "roles/": Address("identity.roles.view"),
    "roles/new/": Address("identity.roles.edit"),
    "roles/<int:pk>/": Address("identity.roles.view", a_role_of_nobody),
    "grants/": Address(f"{GRANTS}.view"),
    "grants/new/": Address(f"{GRANTS}.add"),
    "grants/<int:pk>/": Address(f"{GRANTS}.view", a_grant_of),
    "grants/<int:pk>/take-back/": Address(f"{GRANTS}.add", a_grant_of),
    "policy/": Address("identity.policy.edit"),
    "audit/": Address("audit.entries.view"),
    "audit/<int:pk>/": Address("audit.entries.view", an_entry),
    "audit/export.<slug:kind>": Address("audit.entries.export", lambda _: {"kind": "csv"}),
    "audit/copies/": Address("audit.entries.view"),
    "audit/copies/<int:pk>/": Address("audit.entries.export", lambda _: {"pk": 1}, narrowed=True),
    "files/uploads/": Address(),
    "files/uploads/<uuid:uid>/": Address("", an_upload),
    "files/<uuid:uid>/<slug:variant>": Address("sample.makers.view", a_file),
    "messages/": Address(),
    "messages/read-all/": Address(),
    "messages/unread/": Address(),
    "messages/settings/": Address(),
    "messages/<int:pk>/": Address("", a_message),
    "todos/": Address(),
    "jobs/": Address(),
    "jobs/<int:pk>/": Address("", a_job),
    "jobs/<int:pk>/cancel/": Address("", a_job),
    "tasks/": Address(TASKS),
    "tasks/export/": Address(TASKS),
    "tasks/new/": Address("tasks.school_tasks.issue"),
    "tasks/calendar/": Address(TASKS),
    "tasks/statistics/": Address(TASKS),
    "tasks/<int:pk>/": Address(TASKS, a_task),
    "tasks/<int:pk>/<slug:code>/": Address(TASKS, a_task),
    "forms/": Address(f"{FORMS}.view"),
    "forms/new/": Address(f"{FORMS}.add"),
    "forms/<int:pk>/": Address(f"{FORMS}.view", a_form),
    "forms/<int:pk>/bank/": Address(f"{FORMS}.view", a_form),
    "forms/<int:pk>/edit/<slug:verb>/": Address(f"{FORMS}.edit", a_form),
    "forms/<int:pk>/questions/<slug:uid>/": Address(f"{FORMS}.edit", a_form),
    "forms/<int:pk>/settings/": Address(f"{FORMS}.edit", a_form),
    "forms/<int:pk>/act/<slug:verb>/": Address(f"{FORMS}.publish", a_published_form),
    "forms/<int:pk>/versions/": Address(f"{FORMS}.view", a_form),
    "forms/<int:pk>/preview/": Address(f"{FORMS}.view", a_form),
    "forms/items/": Address(f"{ITEMS}.view"),
    "forms/items/new/": Address(f"{ITEMS}.add"),
    "forms/items/categories/": Address(f"{ITEMS}.view"),
    "forms/items/<int:pk>/": Address(f"{ITEMS}.edit", item),
    "forms/items/<int:pk>/<slug:act>/": Address(f"{ITEMS}.archive", item),
    "forms/items/categories/new/": Address(f"{ITEMS}.add"),
    "forms/items/categories/<int:pk>/": Address(f"{ITEMS}.edit", category),
    "forms/items/categories/<int:pk>/<slug:act>/": Address(f"{ITEMS}.archive", category),
    "imports/of/<str:code>/": Address("sample.lamps.import", lambda _: {"code": "sample.lamps"}),
    "imports/of/<str:code>/template": Address("sample.lamps.import", lambda _: {"code": "sample.lamps"}),
    "imports/<uuid:uid>/": Address("", an_import),
    "imports/<uuid:uid>/confirm": Address("", an_import),
    "imports/<uuid:uid>/cancel": Address("", an_import),
    "imports/<uuid:uid>/errors": Address("", an_import),
    "exports/": Address(),
    "exports/<uuid:uid>": Address("", an_export),
    "exports/<uuid:uid>/drop": Address("", an_export),
    "choose/<slug:code>/": Address(PUBLISH, lambda _: {"code": "publishing"}),
    "base/schools/pick": Address("base.schools.view"),
    "base/codes/": Address("base.codes.view"),
    "base/codes/<slug:table>/new": Address("base.codes.edit", a_code),
    "base/codes/<str:key>/edit": Address("base.codes.edit", a_code),
    "base/data-catalogue/": Address("base.data_catalogue.view"),
    "safety/received-notices/of/<int:pk>/": Address("safety.notices.view", notice, narrowed=True),
    "safety/notices/<int:pk>/replies.zip": Address("safety.notices.publish", notice, narrowed=True),
    "base/personal-data/": Address("base.personal_data.view"),
    "safety/special-analysis/": Address("safety.special_checks.analyse"),
    "safety/patrol-query/": Address("safety.patrols.query"),
    "physical/totals/": Address("physical.totals.view"),
    "safety/patrol/": Address("safety.inspections.patrol safety.inspections.issue", narrowed=True),
    "safety/field/outbox": Address("safety.inspections.submit", narrowed=True),
    "organisation/structure/": Address("organisation.bodies.view", narrowed=True),
    "organisation/structure/<int:pk>/": Address("organisation.bodies.view", lambda unit: {"pk": unit.pk}),
    "patrols/routes/<int:pk>/labels.pdf": Address(
        "patrols.routes.view", of_model("patrols.Route"), narrowed=True
    ),
    "library/search/": Address("library.documents.view"),
    "library/import/": Address("library.documents.add"),
    "library/documents/<int:pk>/read": Address("library.documents.view", document),
    "library/documents/<int:pk>/editions/<int:number>/": Address(
        "library.documents.view", document, narrowed=True
    ),
    "library/documents/<int:pk>/editions/<int:number>/restore": Address(
        "library.documents.view", document, narrowed=True
    ),
    "library/links/add": Address("library.links.add", narrowed=True),
    "library/links/<int:pk>/remove": Address(
        "library.links.add", of_model("library.DocumentLink"), narrowed=True
    ),
    "flows/": Address("workflow.flows.view"),
    "flows/<str:code>/": Address("workflow.flows.view", lambda _: {"code": "sample.lamps"}),
    "flows/<str:code>/adjust": Address("workflow.flows.adjust", lambda _: {"code": "sample.lamps"}),
    "chains/stalled/": Address("chains.stalled.view"),
    "safety/wall/outline.json": Address("safety.walls.view", narrowed=True),
    "safety/proposals/": Address("safety.proposals.decide"),
    "safety/proposals/<int:pk>/<slug:verdict>": Address(
        "safety.proposals.decide", lambda _: {"pk": 1, "verdict": "accept"}, narrowed=True
    ),
    "safety/quick/new": Address("safety.quick.add", narrowed=True),
    "safety/unfinished/": Address("safety.rectifications.view"),
    "safety/unfinished/<int:pk>/": Address("safety.rectifications.view", lambda unit: {"pk": unit.pk}),
    "safety/wall/": Address("safety.walls.view"),
    "safety/field/": Address(FIELD),
    "safety/field/sw.js": Address(),
    "safety/field/tasks.json": Address(FIELD),
    "safety/field/tasks/<int:pk>/sheet": Address(
        "safety.inspections.submit", of_model("safety.InspectionTask"), narrowed=True
    ),
    "safety/special-parts/<int:pk>/judge/<slug:level>": Address(PARTS, part, narrowed=True),
    "safety/special-parts/<int:pk>/hazard/<int:result>": Address(PARTS, part, narrowed=True),
}
ADDRESSES |= {
    pattern: Address(*said)
    for pattern, said in (SHELVES | COLLECTING | DUTY | ALARMS | FIGURES | ROUNDS).items()
}
# Rows whose parameters belong to no unit: nobody is outside.
SHARED = ("roles/", "base/codes/", "imports/of/", "flows/", "choose/", "audit/export", "audit/copies/")


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
    generated = {f"{ledger.url.lstrip('/')}{tail}" for ledger in ledgers for tail in TAILS}
    return [
        (address, entry)
        for address, entry, space in routes()
        if space not in codes | {"api"} and address not in generated and not address.startswith("static/")
    ]


def address_of(pattern: str) -> Address | None:
    """Who may knock there; None for an address nobody thought about."""
    for page in (*analyses, *sheets):
        stem = page.url.lstrip("/")
        if pattern in (stem, f"{stem}export", f"{stem}publish"):
            return Address(PUBLISH if pattern.endswith("publish") else page.permission)
    return ADDRESSES.get(pattern)


def concrete(pattern: str, values: Made) -> str:
    """The address with something in place of its parameters."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), pattern)


def anywhere(pattern: str) -> str:
    """The address with something of the right kind in place of its parameters, whether it is there or not."""
    said = {"uuid": str(UUID(int=1)), "int": "1"}
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: said.get(found[1], "any"), pattern)


PAPERS = ("pdf", "<int:pk>/pdf", "word", "<int:pk>/word", "labels")
TAILS = ("import", "export", "export/choose", "export/full", *PAPERS)


def of_ledger(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Name and pattern of every address of a ledger; those of the interface as ``api/<method> <address>``."""
    stem = ledger.url.lstrip("/")
    for pattern, entry, space in routes():
        if space == ledger.code and entry.name:
            yield entry.name, pattern
        elif pattern.removeprefix(stem) in TAILS and pattern.startswith(stem):
            yield pattern.removeprefix(stem), pattern
    mine = f"/{ledger.app}/{ledger.plural}/"
    for address, methods in openapi()["paths"].items():
        if address.removeprefix("/api").startswith(mine):
            for method, operation in methods.items():
                name = operation["operationId"].rpartition("_")[2]
                yield f"api:{name}", f"api/{method.upper()} {address.removeprefix('/api/')}"


@cache
def openapi() -> dict[str, Any]:
    """The document of the interface."""
    found: dict[str, Any] = build().get_openapi_schema()
    return found

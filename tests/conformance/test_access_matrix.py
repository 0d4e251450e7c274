"""Every address x every ready-made role x inside and outside, and the unknown; a new address needs a declared right."""

import re
from collections.abc import Container, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from anlan.engines.org.api import Grant, Role, RolePermission, declared_roles
from anlan.engines.registry.api import Ledger, acts_of, ledgers
from tests.conformance.ledger_rights import OF_LEDGERS
from tests.conformance.routes import (
    PUBLIC,
    SHARED,
    Address,
    address_of,
    concrete,
    of_ledger,
    openapi,
    others,
    routes,
)
from tests.conformance.rows import a_person
from tests.conformance.world import World
from tests.factories import a_tree

pytestmark = pytest.mark.django_db
REFUSED = (403, 404, 405)
ANYTHING: tuple[str, ...] = ()


@dataclass
class Undone(Exception):
    """Carries the answer out of the transaction that takes its effects back."""

    passed: bool


def knock(client: Client, url: str, post: dict[str, Any] | None = None) -> bool:
    """Whether GET or else POST leads further than a refusal; what they did is taken back."""
    signed_in = deepcopy(client.cookies)
    try:
        with transaction.atomic():
            raise Undone(passes(client.get(url)) or passes(client.post(url, post or {})))
    except Undone as undone:
        return undone.passed
    finally:
        client.cookies = signed_in


def passes(answer: Any) -> bool:
    """Whether the answer is no refusal."""
    return answer.status_code not in REFUSED


def holder(unit: Any, code: str) -> Client:
    """A browser of somebody who holds this ready-made role over the unit."""
    user = a_person(unit)
    Grant.objects.create(user=user, role=Role.objects.get(code=code), unit=unit)
    client = Client()
    client.force_login(user)
    return client


def rights_of(role: str) -> set[str]:
    """The permissions a role holds from the start."""
    return set(RolePermission.objects.filter(role__code=role).values_list("permission", flat=True))


# -- addresses that no ledger brings along -------------------------------------------------------------------


@pytest.mark.requirement("MLPS.09")
def test_every_address_has_a_declared_right() -> None:
    unknown = [pattern for pattern, _ in others() if pattern not in PUBLIC and not address_of(pattern)]
    assert not unknown, f"say in routes.py who may knock at {unknown}"


def test_only_the_named_addresses_are_open_to_everybody() -> None:
    opened = {pattern for pattern, entry in others() if getattr(entry.callback, "anlan_public", False)}
    assert opened == PUBLIC & {pattern for pattern, _ in others()}


def declared() -> Iterator[tuple[str, Address]]:
    """Every address behind the sign-in."""
    for pattern, _ in others():
        if pattern not in PUBLIC and (address := address_of(pattern)):
            yield pattern, address


@pytest.mark.requirement("X.3")
def test_the_unknown_pass_nowhere() -> None:
    tree, client = a_tree(), Client(raise_request_exception=False)
    for pattern, address in declared():
        url = concrete(pattern, address.subject(tree.school))
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302, url
            assert "/sign-in/" in answer["Location"], url


ROLES = [role.code for role in declared_roles]


@pytest.mark.sqlite  # rights are decided in Python
@pytest.mark.parametrize("role", ROLES)
def test_a_role_enters_what_was_declared_for_it_and_no_more(role: str) -> None:
    """By turns: every address is asked by a tenth of the roles."""
    assert_entered(role, list(declared())[ROLES.index(role) % 10 :: 10])


def assert_entered(role: str, chosen: list[tuple[str, Address]]) -> None:
    """The role passes at exactly those of the addresses that were declared for it, inside and not outside."""
    tree, held = a_tree(), rights_of(role)
    client, wrong = holder(tree.county, role), []
    for pattern, address in chosen:
        inside = address.subject(tree.school)
        names = set(address.rights.split())
        own = set() if inside else {f"{name}.own" for name in names}
        mine = not address.rights or bool(held & (names | own))
        entered = knock(client, concrete(pattern, inside))
        if inside and not address.rights:
            wrong += [(pattern, "somebody else's")] * (entered and not address.narrowed)
        elif entered != mine and not address.narrowed:
            wrong.append((pattern, f"inside, {entered=}"))
        if address.rights and inside and not pattern.startswith(SHARED):
            entered = knock(client, concrete(pattern, address.subject(tree.far_school)))
            wrong += [(pattern, "outside")] * entered
    assert not wrong, wrong


# -- addresses of ledgers ------------------------------------------------------------------------------------

DONE = {"reason": "核实", "title": "视图", "query": ""}


@cache
def addresses_of(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Name and pattern of every address of the ledger; moves and acts one by one."""
    return tuple(of_ledger(ledger))


def test_the_document_of_the_interface_leaves_no_address_out() -> None:
    documented = {re.sub(r"{\w+}", "<>", path).lstrip("/") for path in openapi()["paths"]}
    found = {re.sub(r"<[\w:]+>", "<>", pattern) for pattern, _, space in routes() if space == "api"}
    assert found - documented == {"api/", "api/openapi.json"}


def test_every_address_of_every_ledger_has_a_declared_right() -> None:
    by_themselves = {"move", "approve", "act", "act_choose", "api:move"}
    for ledger in ledgers:
        names = {name for name, _ in addresses_of(ledger)}
        assert names <= set(OF_LEDGERS) | by_themselves, ledger.code
        assert len(names) >= 12, ledger.code


def expected(ledger: Ledger, held: set[str]) -> Iterator[tuple[str, str, bool]]:
    """Name, pattern and whether a holder of these rights passes."""
    views = ledger.permission("view") in held
    for name, pattern in addresses_of(ledger):
        if name in OF_LEDGERS:
            yield name, pattern.replace("<slug:name>", "org"), OF_LEDGERS[name](held, ledger)
        elif name in ("approve", "act_choose"):
            continue  # asked for by an edition of a workflow, a field of some acts: tests/workflow, tests/registry
        elif name == "act":
            for act in acts_of(ledger):
                yield f"act {act.name}", pattern.replace("<slug:name>", act.name), views and act.right in held
        else:
            for move in ledger.flow.moves.values() if ledger.flow else ():
                concrete_pattern = pattern.replace("<slug:name>", move.name).replace("{name}", move.name)
                yield f"{name} {move.name}", concrete_pattern, views and move.permission in held


# Rows that a rule of the domain shows to some holders of the right only; its own tests show to whom.
NARROWED = {
    "archives.holdings",
    "certificates.all",
    "kindergarten.problems",
    "kindergarten.reports",
    "safety.special_parts",
    "safety.special_results",
}
# Acts that among the holders of the right only the person named on the row may do; tests of the domain show it.
PERSONAL = {
    "duty.turns": {"act swap", "act sign_in", "act sign_out"},
    "organisation.letters": {"act sign"},
    "library.receipts": {"act confirm"},
}
# Pages whose GET and POST ask for one record.
ONE = ("<int:pk>", "{pk}", "<uuid:uid>")


def profiles(ledger: Ledger) -> dict[frozenset[str], str]:
    """The different sets of rights that ready-made roles hold over a ledger, each with one such role."""
    moves = {move.permission for move in ledger.moves} | {act.right for act in acts_of(ledger)}
    found: dict[frozenset[str], str] = {}
    for role in declared_roles:
        held = {name for name in rights_of(role.code) if name.startswith(f"{ledger.code}.") or name in moves}
        found.setdefault(frozenset(held), role.code)
    return found


# What every run asks; the whole table is asked by `make soak`.
USUAL = {"list", "detail", "new", "edit", "export", "api:list"}
every_ledger = pytest.mark.parametrize("ledger", list(ledgers), ids=lambda ledger: ledger.code)


@pytest.mark.sqlite  # rights are decided in Python; test_ledgers.py shows the scope's SQL on both databases
@every_ledger
def test_every_role_does_what_was_declared_for_it_and_no_more(ledger: Ledger) -> None:
    assert_as_declared(ledger, USUAL, every_fifth(ledger))


def every_fifth(ledger: Ledger) -> dict[frozenset[str], str]:
    """A fifth of the sets of rights, another fifth for the next ledger."""
    turn = list(ledgers).index(ledger) % 5
    return dict(list(profiles(ledger).items())[turn::5])


def assert_as_declared(
    ledger: Ledger, names: Container[str] = ANYTHING, some: dict[frozenset[str], str] | None = None
) -> None:
    """Every set of rights of a ready-made role, or some of them, at the addresses of these names."""
    world, wrong = World(ledger), []
    for held, role in (profiles(ledger) if some is None else some).items():
        client = holder(world.home, role)
        if f"{ledger.code}.view.own" in held and ledger.permission("view") not in held:
            continue  # own rows only: tests/registry shows those
        seen = client.get(world.url(world.row)).status_code == 200
        for name, pattern, wanted in expected(ledger, set(held)):
            if names is not ANYTHING and name not in names:
                continue
            of_one = name in ("pdf", "word", "labels") or any(mark in pattern for mark in ONE)
            hidden = ledger.code in NARROWED and not seen and of_one
            personal = name in PERSONAL.get(ledger.code, ())
            if ask(client, world, pattern, world.row) != (wanted and not hidden and not personal):
                wrong.append((role, name, f"inside, {wanted=}"))
            if of_one and wanted and ask(client, world, pattern, world.foreign):
                wrong.append((role, name, "outside"))
    assert not wrong, wrong


def ask(client: Client, world: World, pattern: str, record: Any) -> bool:
    """Whether the address lets the person pass for this record; the interface is asked with what it takes."""
    url = "/" + pattern.replace("<int:pk>", str(record.pk)).replace("{pk}", str(record.pk))
    url = url.replace("<uuid:uid>", str(record.uid))
    if url.startswith("/api/"):
        return ask_interface(client, url)
    tail = (
        f"?chosen={record.pk}"
        if pattern.endswith(("/pdf", "/word", "/labels")) and "<int:pk>" not in pattern
        else ""
    )
    return knock(client, url + tail, DONE | {"verb": "archive", "chosen": record.pk})


def ask_interface(client: Client, entry: str) -> bool:
    """The one method of this entry of the interface."""
    method, _, address = entry.removeprefix("/api/").partition(" ")
    body = {"POST": "{}", "PATCH": '{"values": {}}'}.get(method, "")
    try:
        with transaction.atomic():
            raise Undone(passes(client.generic(method, f"/api/{address}", body, "application/json")))
    except Undone as undone:
        return undone.passed

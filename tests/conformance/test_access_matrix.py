"""Every address x who asks: the unknown, people without a right, every ready-made role inside and outside."""

from typing import Any

import pytest
from django.test import Client

from anlan.engines.org.api import Grant, Role, RolePermission, declared_roles
from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.routes import PUBLIC, concrete, expectation, others
from tests.conformance.rows import a_person
from tests.conformance.world import World
from tests.factories import a_tree

pytestmark = pytest.mark.django_db
REFUSED = (403, 404, 405)


def test_every_address_has_an_expectation() -> None:
    unknown = [address for address, _ in others() if not expectation(address)]
    assert not unknown, f"say in routes.py who may knock at {unknown}"


def test_only_the_named_addresses_are_open_to_everybody() -> None:
    opened = {address for address, entry in others() if getattr(entry.callback, "anlan_public", False)}
    assert opened == PUBLIC & {address for address, _ in others()}


def test_the_unknown_pass_nowhere_else() -> None:
    client = Client(raise_request_exception=False)
    for address, _ in others():
        answers = (client.get(concrete(address)), client.post(concrete(address)))
        if address not in PUBLIC:
            assert [answer.status_code for answer in answers] == [302, 302], address
            assert all("/sign-in/" in answer["Location"] for answer in answers), address


def test_without_any_right_nothing_but_ones_own_answers() -> None:
    wrong = []
    client, person = Client(raise_request_exception=False), a_person(a_tree().county)
    for address, _ in others():
        client.force_login(person)  # one of the addresses signs out
        answers = [client.get(concrete(address)).status_code, client.post(concrete(address)).status_code]
        assert 500 not in answers, address
        if expectation(address) == "right" and not set(answers) <= set(REFUSED):
            wrong.append((address, answers))
    assert not wrong


def profiles(ledger: Ledger) -> dict[frozenset[str], str]:
    """The different sets of rights that ready-made roles hold over a ledger, each with one such role."""
    found: dict[frozenset[str], str] = {}
    for role in declared_roles:
        held = RolePermission.objects.filter(role__code=role.code, permission__startswith=f"{ledger.code}.")
        found.setdefault(frozenset(held.values_list("permission", flat=True)), role.code)
    return found


# Rows that a rule of the domain shows to some holders of the right only; its own tests show to whom.
NARROWED = {"safety.special_parts", "safety.special_results"}


def holder(world: World, code: str) -> Client:
    user = a_person(world.county)
    Grant.objects.create(user=user, role=Role.objects.get(code=code), unit=world.county)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("ledger", list(ledgers), ids=lambda ledger: ledger.code)
def test_every_role_does_what_was_declared_for_it_and_no_more(ledger: Ledger) -> None:
    world = World(ledger)
    for held, role in profiles(ledger).items():
        client = holder(world, role)
        answers = knock(world, client)
        may = {verb: ledger.permission(verb) in held for verb in ("view", "add", "edit", "export")}
        if not may["view"] and f"{ledger.code}.view.own" in held:
            continue
        wanted = {
            "list": 200 if may["view"] else 403,
            "inside": 200 if may["view"] else 403,
            "outside": 404 if may["view"] else 403,
            "new": 200 if may["add"] and not ledger.readonly else 403,
            "edit": (200 if may["edit"] and not ledger.readonly else 403) if may["view"] else 403,
            "export": 200 if may["export"] else 403,
            "interface": 200 if may["view"] else 403,
        }
        if ledger.code in NARROWED and answers["inside"] == 404:
            wanted["inside"] = 404 if may["view"] else 403
        assert answers == wanted, role


def knock(world: World, client: Client) -> dict[str, Any]:
    """What the addresses of a ledger answer."""
    pages = {
        "list": world.url(),
        "inside": world.url(world.row),
        "outside": world.url(world.foreign),
        "new": world.url(None, "new"),
        "edit": world.url(world.row, "edit"),
        "export": world.url(None, "export"),
        "interface": world.api(),
    }
    return {name: client.get(url).status_code for name, url in pages.items()}

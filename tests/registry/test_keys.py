"""API keys: shown once, rights of the owner, listed, revoked, dead with the account; every step in the trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.identity.api import disable, lock_idle
from anlan.engines.identity.managing import enable, set_leaving
from anlan.engines.registry.keys import ApiKey, issue
from anlan.kernel import clock
from tests.factories import Tree, a_grant, a_user, sign_in

URL = "/api/sample/lamps/"


def answer(key: str, url: str = URL) -> int:
    return Client().get(url, headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.fixture
def owner(keeper: Any, tree: Tree) -> Any:
    a_grant(keeper, "unit_admin", tree.school)
    return keeper


@pytest.fixture
def key(owner: Any) -> str:
    return issue(Actor.person(owner), "对接区平台")


def test_a_key_is_shown_once_and_acts_with_the_rights_of_its_owner(owner: Any, tree: Tree) -> None:
    desk = sign_in(Client(), owner)
    until = clock.today() + timedelta(days=30)
    page = desk.post("/account/keys/new/", {"title": "对接区平台", "expires_on": until.isoformat()})
    told = page.context["key"]
    assert told in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    stored = ApiKey.objects.get()
    for url in ("/account/keys/", f"/account/keys/{stored.pk}/"):
        assert told not in desk.get(url).content.decode()
    assert told not in str(list(AuditEntry.objects.values()))
    assert answer(told) == 200
    assert answer(told, "/api/base/people/") == 200
    assert answer(told, "/api/safety/hazards/") == 403
    assert AuditEntry.objects.get(action="refused").channel == "api"
    with clock.moved(clock.now() + timedelta(days=31)):
        assert answer(told) == 401


@pytest.mark.parametrize("days", [-1, 400])
def test_a_key_works_for_a_year_at_most(owner: Any, days: int) -> None:
    until = clock.today() + timedelta(days=days)
    page = sign_in(Client(), owner).post(
        "/account/keys/new/", {"title": "对接", "expires_on": until.isoformat()}
    )
    assert page.status_code == 422
    assert not ApiKey.objects.exists()


def test_people_without_the_right_issue_none(guest: Any) -> None:
    desk = sign_in(Client(), guest)
    assert desk.get("/account/keys/").status_code == 403
    assert desk.post("/account/keys/new/", {"title": "对接"}).status_code == 403


def test_the_owner_and_the_manager_revoke_and_nobody_elsewhere(key: str, owner: Any, tree: Tree) -> None:
    stored = ApiKey.objects.get()
    url = f"/account/keys/{stored.pk}/"
    stranger = sign_in(Client(), a_user("unit_admin", tree.other_county))
    assert [stranger.get(url).status_code, stranger.post(f"{url}revoke/").status_code] == [404, 404]
    manager = sign_in(Client(), a_user("system_admin", tree.county))
    assert "对接区平台" in manager.get("/account/keys/").content.decode()
    assert answer(key) == 200
    assert manager.post(f"{url}revoke/").status_code == 302
    assert answer(key) == 401
    entries = AuditEntry.objects.filter(action__startswith="api-key:").order_by("pk")
    assert [entry.action for entry in entries] == ["api-key:issue", "api-key:revoke"]


def test_keys_die_with_the_account_and_stay_dead(key: str, owner: Any) -> None:
    disable(None, owner)
    assert answer(key) == 401
    enable(None, owner)
    assert answer(key) == 401
    assert ApiKey.objects.get().revoked_at


def test_keys_of_leavers_are_refused_from_that_day(key: str, owner: Any) -> None:
    set_leaving(None, owner, clock.today() + timedelta(days=1))
    assert answer(key) == 200
    with clock.moved(clock.now() + timedelta(days=1)):
        assert answer(key) == 401


def test_keys_of_idle_accounts_are_refused(key: str, owner: Any) -> None:
    with clock.moved(clock.now() + timedelta(days=91)):
        lock_idle()
        assert answer(key) == 401

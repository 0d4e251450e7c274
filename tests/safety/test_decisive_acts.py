"""Striking a hazard off asks for the password once more: on its page, in bulk, and never through a key."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor, create
from anlan.engines.registry.keys import issue
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.test_hazard_loop import confirmed, rectified

pytestmark = pytest.mark.django_db
PASSWORD = "Lang-7731-tide"


@pytest.fixture
def officer(county: County) -> Any:
    """The county's safety officer, with a password."""
    user = county.person("zhou", "bureau_safety", "county")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk(officer: Any) -> Client:
    """The officer's browser, signed in a while ago."""
    browser = Client()
    with clock.moved(clock.now() - timedelta(minutes=20)):
        browser.force_login(officer)
    return browser


@pytest.fixture
def hazard(county: County, officer: Any, a_hazard: Callable[..., Hazard]) -> Hazard:
    """One that waits to be struck off."""
    bureau, inspector = Actor.person(officer), county.actor("lin", "inspector", "county")
    found = confirmed(bureau, create(inspector, a_hazard()))
    rectified(county.actor("he", "school_safety", "school"), found)
    perform(bureau, found, "approve")
    perform(inspector, found, "pass_recheck")
    return found


def state(hazard: Hazard) -> str:
    return Hazard.unguarded.get(pk=hazard.pk).state


def test_the_box_of_the_record_asks_and_keeps_what_was_typed(desk: Client, hazard: Hazard) -> None:
    url = f"/safety/hazards/{hazard.pk}/"
    assert 'name="confirm_password"' in desk.get(url).content.decode()
    said = {"opinion": "现场已核对"}
    asked = desk.post(f"{url}move/strike_off", said)
    assert (asked.status_code, state(hazard)) == (422, "rectified")
    assert "现场已核对" in asked.content.decode()
    wrong = desk.post(f"{url}move/strike_off", {**said, "confirm_password": "guess"})
    assert (wrong.status_code, state(hazard)) == (422, "rectified")
    assert "密码不对" in wrong.content.decode()
    assert desk.post(f"{url}move/strike_off", {**said, "confirm_password": PASSWORD}).status_code == 303
    assert state(hazard) == "closed"


def test_bulk_work_asks_and_keeps_what_was_chosen(desk: Client, hazard: Hazard) -> None:
    said = {"verb": "strike_off", "chosen": [hazard.pk]}
    asked = desk.post("/safety/hazards/bulk", said)
    assert (asked.status_code, state(hazard)) == (422, "rectified")
    assert f'name="chosen" value="{hazard.pk}"' in asked.content.decode()
    desk.post("/safety/hazards/bulk", {**said, "confirm_password": PASSWORD})
    assert state(hazard) == "closed"


def test_the_interface_cannot_be_used_to_get_round_it(desk: Client, hazard: Hazard, officer: Any) -> None:
    url, said = f"/api/safety/hazards/{hazard.pk}/move/strike_off", {"version": hazard.version}
    key = issue(Actor.person(officer), "对接")
    by_key = Client().post(url, said, "application/json", headers={"Authorization": f"Bearer {key}"})
    by_session = desk.post(url, said, "application/json")
    assert [by_key.status_code, by_session.status_code] == [403, 403]
    assert state(hazard) == "rectified"

"""Buses with their papers, certificates gathered from their modules, a lift's year."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from anlan.base.models import Person
from anlan.domains.school_buses.models import Bus, Paper
from anlan.domains.special_equipment.models import Device
from anlan.engines.audit.api import SYSTEM, Actor, archive, create
from anlan.engines.registry.api import RiskCategory, ledgers, number_of, remind_all
from anlan.engines.registry.inspecting import record_check
from anlan.engines.registry.saving import add
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in


def on(day: date) -> Any:
    """The clock at nine of that day."""
    return clock.moved(datetime(day.year, day.month, day.day, 9, tzinfo=clock.zone()))


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def officer(tree: Tree) -> Any:
    """Keeps the safety of one school."""
    return a_user("school_safety", tree.school, name="林主任")


@pytest.mark.requirement("SAF.54")
def test_buses_are_kept_with_driver_and_papers_and_what_runs_out_is_listed(tree: Tree, officer: Any) -> None:
    driver = create(SYSTEM, Person(org=tree.school, name="陈师傅"))
    client = sign_in(Client(), officer)
    sent = {
        "org": tree.school.pk,
        "plate": "闽C12345",
        "seats": 36,
        "driver": driver.pk,
        "registered_on": "2025-08-31",
    }
    assert client.post("/school-buses/buses/new", sent).status_code == 303
    bus = Bus.unguarded.get()
    for plate in ("闽C12345", "C12345", "闽I12345", "闽C1"):
        assert client.post("/school-buses/buses/new", sent | {"plate": plate}).status_code in (409, 422), (
            plate
        )
    assert Bus.unguarded.count() == 1
    changed = client.post(f"/school-buses/buses/{bus.pk}/edit", sent | {"seats": 45, "version": bus.version})
    assert changed.status_code == 303
    assert "闽C12345" in client.get("/school-buses/buses/?q=陈师傅").content.decode()
    paper = {"org": tree.school, "bus": bus, "kind": "校车标牌", "number": "XC-1"}
    add(Actor.person(officer), ledgers["school_buses.papers"], paper | {"valid_to": clock.today()})
    page = client.get("/school-buses/papers/?validity=expiring").content.decode()
    assert "闽C12345" in page
    assert "即将到期" in page
    stranger = sign_in(Client(), a_user("school_safety", tree.far_school))
    assert stranger.get(f"/school-buses/buses/{bus.pk}/").status_code == 404
    assert stranger.get(f"/school-buses/papers/{Paper.unguarded.get().pk}/").status_code == 404
    assert client.post(f"/school-buses/buses/{bus.pk}/move/scrap", {"fault": "到期"}).status_code in (
        302,
        303,
    )
    assert client.post(f"/school-buses/buses/{bus.pk}/archive").status_code in (302, 303)
    bus.refresh_from_db()
    assert bus.archived_at is not None


def test_a_certificate_archived_where_it_is_kept_is_archived_in_the_view(tree: Tree, officer: Any) -> None:
    values = {"org": tree.school, "name": "学生食堂", "number": "JY-1", "valid_to": date(2031, 1, 1)}
    licence = add(Actor.person(officer), ledgers["canteen.licences"], values)
    assert number_of(ledgers["certificates.all"], officer, "validity=valid") == 1
    archive(Actor.person(officer), licence)
    assert number_of(ledgers["certificates.all"], officer, "") == 0


def test_the_year_of_a_lift(tree: Tree, officer: Any) -> None:
    create(SYSTEM, RiskCategory(org=tree.county, code="facility", title="设施设备"))
    actor, lifts = Actor.person(officer), ledgers["special_equipment.devices"]
    values = {
        "org": tree.school,
        "code": "3110-1",
        "kind": "lift",
        "place": "综合楼",
        "installed_on": date(2025, 3, 10),
    }
    with on(date(2026, 2, 1)):
        lift = add(actor, lifts, values)
        assert (lift.next_check, lift.next_on) == ("定期检验", date(2026, 3, 31))
        assert todos_for(officer).count() == 0
    with on(date(2026, 3, 2)):
        remind_all()
        assert todos_for(officer).get().title == "特种设备台账：3110-1"
        record_check(
            actor, lifts, lift, {"check_code": "inspection", "day": date(2026, 3, 1), "passed": True}
        )
        lift.refresh_from_db()
        assert (lift.next_check, lift.next_on) == ("自行检测", date(2027, 3, 31))
        assert todos_for(officer).count() == 0
    with on(date(2027, 4, 1)):
        remind_all()
        record_check(
            actor,
            lifts,
            lift,
            {"check_code": "self_test", "day": date(2027, 4, 1), "passed": False, "note": "门锁"},
        )
        lift.refresh_from_db()
        assert lift.state == "stopped"
        assert Device.unguarded.get().next_on == date(2027, 3, 31)

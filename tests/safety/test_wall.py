"""The wall screen: its figures are those of the lists, and it shows nobody what is not theirs."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anlan.base.calendar import Term
from anlan.base.schools import School
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.punctuality import by_town, punctual
from anlan.domains.safety.wall import Standing
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.registry.api import ledgers, number_of
from anlan.engines.workflow.api import Step, perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.patrols import Patrol

pytestmark = pytest.mark.django_db
URL = "/safety/wall/"


@pytest.fixture
def bureau(county: County) -> Any:
    """The county's safety officer, in a term that began ten days ago."""
    today = clock.today()
    span = {"first": today - timedelta(days=10), "last": today + timedelta(days=90)}
    Term.unguarded.create(org=county.units["county"], name="本学期", code="T", **span)
    return county.actor("zhou", "bureau_safety", "county")


@pytest.fixture
def hazards(county: County, bureau: Any, a_hazard: Callable[..., Hazard]) -> list[Hazard]:
    """Seven of the county: reported, open, two late, closed in time, void, one found before the term."""
    now = clock.now()
    made = [
        create(SYSTEM, a_hazard(found_at=now - timedelta(days=days), reporter="刘检查"))
        for days in (0, 1, 5, 6, 7, 2, 20)
    ]
    for hazard, days in ((made[1], 5), (made[2], -1), (made[3], -2), (made[4], 3)):
        said = {"grade": "large", "responsible": "何静", "due_at": now + timedelta(days=days)}
        Hazard.unguarded.filter(pk=hazard.pk).update(found_at=now - timedelta(days=8))
        hazard.refresh_from_db()
        perform(bureau, hazard, "confirm", said)
    perform(SYSTEM, made[4], "submit", {"measure": "已清空"}, files={"after": 1})
    for name in ("approve", "pass_recheck", "strike_off"):
        perform(bureau, made[4], name)
    perform(bureau, made[5], "dismiss", {"opinion": "不是隐患"})
    foreign = create(SYSTEM, a_hazard(org=county.units["foreign"]))
    Hazard.unguarded.filter(pk=foreign.pk).update(state="assigned", due_at=now - timedelta(days=9))
    return made


def page(user: Any, **headers: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(URL, headers=headers)


def test_figures_are_those_of_the_lists(hazards: list[Hazard], bureau: Any) -> None:
    standing, ledger = Standing(bureau.user), ledgers["safety.hazards"]
    counted = lambda query: number_of(ledger, bureau.user, query)  # noqa: E731
    since = f"found_at_from={clock.today() - timedelta(days=10)}"
    assert standing.open.count() == counted("open=1") == 5
    assert standing.late.count() == counted("overdue=1") == 2
    assert standing.found.count() == counted(since) - counted(f"{since}&state=void") == 5
    assert sum(standing.per_day("archived_at", standing.hazards.filter(state="closed"))) == 1
    content = page(bureau.user).content.decode()
    assert "5 条隐患未销号，2 条逾期" in content
    assert "有隐患逾期，须督办。" in content


def test_the_funnel_narrows_from_found_to_closed(hazards: list[Hazard], bureau: Any) -> None:
    part = page(bureau.user).context["left"][1]
    assert [(row.label, row.value) for row in part["rows"]] == [
        ("发现", 5),
        ("核实", 4),
        ("提交整改", 1),
        ("审核通过", 1),
        ("复查合格", 1),
        ("销号", 1),
    ]


def test_a_late_step_is_not_in_time(hazards: list[Hazard], bureau: Any) -> None:
    rows = Hazard.unguarded.filter(org__code="school")
    assert (punctual(rows).due, punctual(rows).timely) == (3, 1)
    assert {name: rate.shown for name, rate in by_town(rows).items()} == {"town": "33.3%"}
    Step.objects.filter(object_id=hazards[4].pk, move="confirm").update(
        due_at=clock.now() - timedelta(days=1)
    )
    assert punctual(rows).timely == 0


def test_inspections_and_unread_notices_are_counted_in_scope(county: County) -> None:
    patrol = Patrol(county)
    task = patrol.task()
    rows = InspectionTask.unguarded.filter(pk=task.pk)
    rows.update(state="completed", submitted_at=clock.now())
    user = patrol.bureau.user
    listed = number_of(
        ledgers["safety.inspections"],
        user,
        f"state=completed&submitted_at_from={clock.today().replace(day=1)}",
    )
    assert Standing(user).inspected == listed == 1
    for unit in ("school", "foreign"):
        notice = Notice.unguarded.create(
            org=county.units["county"], title=unit, body="x", state="published", published_at=clock.now()
        )
        NoticeCopy.unguarded.create(org=county.units[unit], notice=notice)
    assert Standing(user).unread == 1
    rows.update(submitted_at=clock.now() - timedelta(days=40))
    assert Standing(user).inspected == 0


def test_the_map_colours_schools_by_their_worst_hazard(
    county: County, hazards: list[Hazard], bureau: Any
) -> None:
    for unit in ("school", "second", "foreign"):
        said = {"kind": "primary", "nature_id": "school_nature.public", "name": unit}
        place = {"latitude": Decimal("26.01"), "longitude": Decimal("110.01")}
        School.unguarded.create(org=county.units[unit], **said, **place)
    points = page(bureau.user).context["map"]["points"]
    assert {(name, kind) for _, _, name, kind in points} == {("school", 2), ("second", 0)}


def test_another_county_is_not_counted(county: County, hazards: list[Hazard]) -> None:
    neighbour = county.person("wu", "bureau_safety", "neighbour")
    assert Standing(neighbour).open.count() == 1
    answer = page(neighbour)
    assert "1 条隐患未销号，1 条逾期" in answer.content.decode()
    assert "school " not in " ".join(item["text"] for item in answer.context["right"][0]["feed"])
    above = county.person("sun", "upper_safety", "city")
    assert Standing(above).open.count() == 6


@pytest.mark.parametrize(
    ("role", "unit"), [("school_safety", "school"), ("township_officer", "town"), ("inspector", "county")]
)
def test_below_the_county_there_is_no_wall(county: County, role: str, unit: str) -> None:
    assert page(county.person("he", role, unit)).status_code == 403


@pytest.mark.parametrize("role", ["bureau_leader", "bureau_viewer"])
def test_those_who_oversee_see_it_and_its_place_in_the_side(county: County, role: str) -> None:
    user = county.person("li", role, "county")
    assert page(user).status_code == 200
    client = Client()
    client.force_login(user)
    assert f'href="{URL}"' in client.get("/safety/hazards/").content.decode()


def test_asked_again_only_the_screen_comes(hazards: list[Hazard], bureau: Any) -> None:
    content = page(bureau.user, **{"HX-Request": "true"}).content.decode()
    assert content.lstrip().startswith('<div class="w-screen" id="screen"')
    assert 'hx-trigger="every 30s"' in content
    assert f'hx-get="{URL}"' in content


def test_nobody_is_named_and_no_free_text_shown(hazards: list[Hazard], bureau: Any) -> None:
    content = page(bureau.user).content.decode()
    for words in ("刘检查", "何静", "疏散通道堆放课桌椅", ">zhou<"):
        assert words not in content

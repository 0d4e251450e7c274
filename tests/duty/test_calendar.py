"""What each day asks of a school (S04.1)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from anlan.domains.duty.day_calendar import DutyCalendar, school_shifts
from anlan.domains.duty.periods import DayChange, Demand, Period
from anlan.domains.duty.rosters import Roster
from anlan.engines.audit.api import SYSTEM, archive, create
from anlan.engines.org.api import SiteBegun
from anlan.kernel import events
from anlan.kernel.errors import Rejected
from tests.duty.conftest import FIRST, LAST, District
from tests.factories import sign_in

pytestmark = pytest.mark.django_db
SECOND = date(2026, 10, 2)


def kinds(district: District, unit: Any) -> list[str]:
    book = DutyCalendar(FIRST, LAST)
    return [book.day(unit, date(2026, 10, day)).kind for day in range(1, 5)]


def shifts(unit: Any) -> list[str]:
    return [f"{one.day:%d}{one.name}" for one in school_shifts([unit], FIRST, LAST)[unit.pk]]


@pytest.mark.requirement("S04.1")
def test_schools_follow_the_district_except_for_the_days_they_laid_down(
    district: District, client: Client
) -> None:
    period = district.period()
    roster, other = district.roster(), district.roster(district.sister, period)
    assert kinds(district, district.school) == ["holiday"] * 4
    create(SYSTEM, DayChange(org=district.school, day=SECOND, kind="none", reason="停电检修"))
    assert kinds(district, district.school) == ["holiday", "none", "holiday", "holiday"]
    create(SYSTEM, DayChange(org=district.tree.county, day=SECOND, kind="weekend", reason="县里另有安排"))
    assert kinds(district, district.school)[1] == "none", "the own day stays"
    assert kinds(district, district.sister)[1] == "weekend", "the change of the district appears"
    third = create(
        SYSTEM, DayChange(org=district.tree.county, day=date(2026, 10, 3), kind="none", reason="不值班")
    )
    assert kinds(district, district.school)[2] == "none"
    assert [w.day.day for w in district.watches(roster)] == [1, 1, 4, 4], "drafts follow"
    assert [w.day.day for w in district.watches(other)] == [1, 1, 4, 4]
    archive(SYSTEM, third)
    assert [w.day.day for w in district.watches(roster)] == [1, 1, 3, 3, 4, 4]
    district.span("workday", date(2026, 10, 4))
    assert kinds(district, district.school)[3] == "workday", "a shifted working day"
    assert shifts(district.school) == ["01白班", "01夜班", "03白班", "03夜班"], "asks for no holiday duty"
    page = sign_in(client, district.safety.account).get("/duty/calendar/?month=2026-10").content.decode()
    assert "停电检修" in page
    assert "国庆（调休上班）" in page
    assert "夜班 18:00–08:00（带班 0 人，值班 1 人）" in page
    sign_in(client, district.officer)
    values = {"org": district.tree.county.pk, "name": "另一段", "kind": "key", "report_by": "2026-09-28"}
    answer = client.post("/duty/periods/new", values | {"first": "2026-10-04", "last": "2026-10-09"})
    assert answer.status_code == 422
    assert "与“国庆节”（10-01 至 10-04）重叠" in answer.content.decode()
    assert Period.objects.unscoped().count() == 1
    assert (
        client.post("/duty/periods/new", values | {"first": "2026-10-05", "last": "2026-10-09"}).status_code
        == 303
    )


def test_important_periods_ask_for_duty_on_every_day_and_for_what_is_theirs(district: District) -> None:
    period = district.period("key", name="重要会议")
    district.demand("key", "值守", 8, 20)
    district.demand("key", "零报告班", 0, 0, members=2, period=period)
    district.span("workday", SECOND)
    assert kinds(district, district.school) == ["key"] * 4
    assert shifts(district.school) == [f"0{day}零报告班" for day in range(1, 5)], (
        "lines of the period replace those of the kind"
    )
    assert school_shifts([district.school], FIRST, FIRST)[district.school.pk][0].ends_at.hour == 0
    with pytest.raises(Rejected, match="不一致"):
        district.demand("holiday", "错", 0, 0, period=period)


def test_campuses_are_manned_each(district: District, a_campus: Any) -> None:
    district.period()
    a_campus(district.school, "本部")
    assert shifts(district.school) == [f"0{day}{name}" for day in range(1, 5) for name in ("白班", "夜班")]
    a_campus(district.school, "东校区")
    roster = district.roster()
    assert len(district.watches(roster)) == 16
    assert {str(watch.place) for watch in district.watches(roster)} == {"本部", "东校区"}


def test_announcing_again_makes_nothing_twice(district: District) -> None:
    roster = district.roster()
    assert district.roster() == roster
    assert Roster.objects.unscoped().filter(org=district.school).count() == 1
    assert not Roster.objects.unscoped().filter(org=district.tree.far_school).exists(), "the neighbour's"


def test_a_new_site_begins_with_shifts_that_it_may_change(district: District) -> None:
    events.publish(SiteBegun(district.tree.province))
    events.publish(SiteBegun(district.tree.province))
    laid = Demand.objects.unscoped().filter(org=district.tree.province)
    assert sorted(laid.values_list("kind", flat=True)) == ["break", "holiday", "holiday", "key", "key"]
    district.period("break", name="寒假")
    assert shifts(district.school) == [f"0{day}全天班" for day in range(1, 5)]
    assert kinds(district, district.school) == ["break"] * 4

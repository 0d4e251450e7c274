"""Figures of special checks and of daily patrols, on known data; each opens the list it counts."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.judging import raise_hazard
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.patrols import Patrol
from tests.safety.specials import Cast
from tests.safety.test_inspection_groups import page, web

pytestmark = pytest.mark.django_db
ANALYSIS, QUERY = "/safety/special-analysis/", "/safety/patrol-query/"


def figures(shown: str, title: str) -> list[tuple[int, str]]:
    """The numbers of a row of the table with the lists they open."""
    row = re.search(rf'<th scope="row">(?:<a[^>]*>)?{title}.*?</tr>', shown, re.S)
    assert row, f"no row {title}"
    cells = re.findall(r'<td class="is-num[^"]*">(?:<b>)?<a href="([^"]+)">([\d,]+)</a>', row[0])
    return [(int(number), unescape(url)) for url, number in cells]


def rows_at(actor: Any, url: str) -> int:
    """How many rows the list there has."""
    shown = page(actor, url)
    found = re.search(r"条，共 ([\d,]+) 条", shown)
    return int(found[1]) if found else 0


@pytest.mark.requirement("SAF.42")
def test_special_checks_are_counted_by_name_group_and_period(cast: Cast) -> None:
    cast.assign("school", "second")
    soon = cast.published("school", "second")
    late = cast.published("school", title="年底检查", finish_on=clock.today() + timedelta(days=40))
    gone = cast.published("school", title="收回的检查")
    risk = cast.county.category
    for check in (soon, gone):
        part = cast.to_bureau(cast.part(check=check), "fail", "fail")
        for row in SpecialResult.objects.unscoped().filter(part=part):
            raise_hazard(cast.leader, row, risk)
    Hazard.unguarded.filter(special_result__part__check_of=soon, special_result__item__number=1).update(
        state="closed"
    )
    perform(cast.bureau, gone, "withdraw")
    shown = page(cast.bureau, ANALYSIS)
    by_check = figures(shown, soon.title)
    assert [number for number, _ in by_check] == [2, 1, 2, 2, 2, 1]
    assert [number for number, _ in figures(shown, late.title)] == [1, 0, 0, 0, 0, 0]
    assert "收回的检查" not in shown
    for at, (number, url) in enumerate(by_check):
        assert at == 2 or rows_at(cast.bureau, url) == number, url
    by_group = figures(page(cast.bureau, f"{ANALYSIS}?by=group"), "第一组")
    assert [number for number, _ in by_group] == [3, 1, 2, 2, 2, 1]
    named = page(cast.bureau, f"{ANALYSIS}?check={late.pk}&group={cast.group.pk}")
    assert "年底检查</a></th>" in named
    assert "秋季消防专项检查</a></th>" not in named
    period = f"first={soon.finish_on}&last={soon.finish_on}"
    within = page(cast.bureau, f"{ANALYSIS}?{period}")
    assert "秋季消防专项检查</a></th>" in within
    assert "年底检查</a></th>" not in within
    refused = web(cast.bureau).get(f"{ANALYSIS}?first=2026-10-02&last=2026-10-01")
    assert (refused.status_code, "止期不能早于起期" in refused.content.decode()) == (422, True)
    for person in (cast.head, cast.contact):
        assert web(person).get(ANALYSIS).status_code == 403
    sheet = web(cast.bureau).get(f"{ANALYSIS}?export=csv").content.decode("utf-8-sig")
    assert "秋季消防专项检查,2,1,2,2,2,1" in sheet


@pytest.mark.requirement("SAF.40")
def test_patrols_are_found_by_month_school_and_kind(county: County) -> None:
    patrol = Patrol(county)
    spot = patrol.make_mode(title="抽查", source="spot")
    for school, mode, day in (
        ("school", patrol.mode, date(2026, 8, 1)),
        ("school", patrol.mode, date(2026, 9, 30)),
        ("second", spot, date(2026, 9, 15)),
        ("second", patrol.mode, date(2026, 10, 1)),
    ):
        a_patrol(patrol, school, mode, day)
    for school, source, day, state in (
        ("school", "routine", date(2026, 8, 1), "closed"),
        ("school", "routine", date(2026, 9, 30), "assigned"),
        ("second", "spot", date(2026, 9, 1), "void"),
        ("second", "spot", date(2026, 10, 1), "assigned"),
    ):
        Hazard.unguarded.create(
            org=county.units[school], title="隐患", number=f"{school}{day}", category=county.category,
            source=source, found_at=noon(day), state=state,
        )  # fmt: skip

    def found(query: str, title: str = "合计") -> list[int]:
        shown = page(patrol.bureau, f"{QUERY}?{query}")
        lines = figures(shown, title)
        ledgers = ("inspections", "inspections", "hazards", "hazards", "hazards")
        for ledger, (number, url) in zip(ledgers, lines, strict=True):
            assert ledger in url
            assert rows_at(patrol.bureau, url) == number
        return [number for number, _ in lines]

    months = "first=2026-08&last=2026-09"
    second = county.units["second"].pk
    assert found(months) == [3, 0, 2, 1, 1]
    assert found(months, "school") == [2, 0, 2, 1, 1]
    assert found("first=2026-09&last=2026-09") == [2, 0, 1, 0, 1]
    assert found(f"{months}&kind=routine") == [2, 0, 2, 1, 1]
    assert found(f"{months}&school={second}") == [1, 0, 0, 0, 0]
    assert found(f"first=2026-09&last=2026-10&school={second}&kind=spot") == [1, 0, 1, 0, 1]
    refused = web(patrol.bureau).get(f"{QUERY}?first=2026-10&last=2026-09")
    assert (refused.status_code, "止月不能早于起月" in refused.content.decode()) == (422, True)
    assert web(patrol.bureau).get(f"{QUERY}?first=2026-13").status_code == 422
    mine = page(patrol.school, f"{QUERY}?{months}")
    assert ">school</th>" in mine
    assert ">second</th>" not in mine
    foreign = web(patrol.school).get(f"{QUERY}?{months}&school={second}")
    assert foreign.status_code == 422


def noon(day: date) -> Any:
    """Twelve o'clock of that day."""
    return clock.now().astimezone(clock.zone()).replace(year=day.year, month=day.month, day=day.day, hour=12)


def a_patrol(patrol: Patrol, school: str, mode: Any, day: date) -> InspectionTask:
    """A task of that kind due on that day."""
    plan = patrol.plan([patrol.lin], [school], mode=mode)
    from_plan = plan.rounds.model(org=plan.org, plan=plan, number=1, opens_on=day, due_at=noon(day))
    from_plan.save()
    task = InspectionTask(
        org=patrol.county.units[school],
        round=from_plan,
        assignee=patrol.lin.user,
        due_at=noon(day),
        form_version=patrol.form.version_in_use,
    )
    task.save()
    return task

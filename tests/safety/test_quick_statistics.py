"""Totals of quick reports add up; places that come back are marked; hidden reporters rank nowhere."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.quick import QuickReport, QuickSetting
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.workflow.api import Step, perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.loops import listed, signed_in
from tests.safety.test_quick_reports import Reports

pytestmark = pytest.mark.django_db
URL = "/analysis/safety/quick-report/"


@pytest.fixture
def reports(county: County) -> Reports:
    return Reports(county)


def panel(page: Any, title: str) -> dict[str, Any]:
    return next(one for one in page.context["panels"] if one["title"] == title)


@pytest.mark.requirement("S02.5")
def test_totals_add_up_and_points_go_to_the_accepted_only(reports: Reports) -> None:
    manager, kind = reports.loop.school, reports.a_kind("用电", department="总务处")
    solved, hazard, invalid, withdrawn, _open, hidden = (
        reports.send(kind=kind.pk if n < 2 else reports.kind.pk, place="楼梯" if n < 3 else f"操场{n}",
                     text=f"第{n}件", **({"hidden": "on"} if n == 5 else {}))
        for n in range(6)
    )  # fmt: skip
    perform(manager, solved, "solve", {"result": "好了"})
    Step.objects.filter(object_id=solved.pk, model="safety.quickreport").update(
        at=solved.created_at + timedelta(hours=3)
    )
    signed_in(reports.manager).post(f"{hazard.get_absolute_url()}act/turn", {"reported_up": "on"})
    perform(manager, invalid, "invalidate", {"opinion": "没有"})
    signed_in(reports.teacher).post(f"{withdrawn.get_absolute_url()}move/withdraw")
    perform(manager, hidden, "solve", {"result": "好了"})
    page = signed_in(reports.manager).get(URL)
    total = page.context["lines"][-1]
    numbers = [cell.value for cell in total.cells]
    assert numbers[:4] == [6, 3, 2, 1]
    assert numbers[0] == sum(numbers[1:4]) == QuickReport.objects.unscoped().count()
    for line in page.context["lines"]:
        for cell in line.cells:
            path, _, query = cell.url.partition("?")
            assert len(listed(reports.manager, path, query)) == cell.value
    lines = lambda by: {  # noqa: E731
        line.title: line.cells[0].value
        for line in signed_in(reports.manager).get(f"{URL}?by={by}").context["lines"]
    }
    assert lines("kind") == {"用电": 2, "设施设备": 4, "合计": 6}
    assert lines("department")["总务处"] == 2
    assert lines("place")["楼梯"] == 3
    assert lines("state")["已处理"] == 2
    assert all(one["title"] != "反复出现的地点" for one in page.context["panels"])
    more = reports.send(place="楼梯", text="又来")
    marked = signed_in(reports.manager).get(URL)
    assert [place["n"] for place in panel(marked, "反复出现的地点")["places"]] == [3]
    assert "反复出现" in marked.content.decode()
    perform(manager, more, "invalidate", {"opinion": "重复"})
    hours = {title: time for title, _, time in panel(page, "处理用时")["tables"][0][1]}
    assert hours["用电"] == "1.5 小时"
    people = panel(page, "上报人")["people"]
    assert [(one["name"], one["all"], one["accepted"], one["points"]) for one in people] == [
        ("陈老师", 5, 2, None)
    ]
    create(SYSTEM, QuickSetting(org=reports.county.units["school"], points_on=True, points_each=5))
    ranked = panel(signed_in(reports.manager).get(URL), "上报人")["people"]
    assert ranked[0]["points"] == 10
    only_hidden = reports.county.person("min", "staff", "school", "敏老师")
    reports.send(only_hidden, hidden="on", text="不留名")
    assert "敏老师" not in signed_in(reports.manager).get(URL).content.decode()
    later = (clock.today() + timedelta(days=1)).isoformat()
    assert signed_in(reports.manager).get(f"{URL}?created_at_from={later}").context["lines"] == []

"""Every record of a chain leads to the one before and after; what stands still is shown, nothing is deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.groups import InspectionGroup
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.judging import raise_hazard
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.quick_turning import turn_into_hazard
from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.forms.api import AnswerIn
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.org.api import Record
from anlan.engines.workflow.api import StallLimit, links
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.safety.conftest import County
from tests.safety.loops import signed_in
from tests.safety.patrols import Patrol

pytestmark = pytest.mark.django_db
STALLED = "/chains/stalled/"


def leads(user: Any, here: Record, *others: Record) -> bool:
    """Whether the page of ``here`` links each of the others in its chain."""
    page = signed_in(user).get(here.get_absolute_url()).content.decode()  # type: ignore[attr-defined]
    chain = page[page.index('id="chain-h"') :]
    return all(f'href="{other.get_absolute_url()}"' in chain for other in others)  # type: ignore[attr-defined]


def inspected(patrol: Patrol) -> tuple[Any, Hazard]:
    """A task handed in with one fault, and the hazard made of it."""
    task = patrol.task()
    response = open_sheet(patrol.lin, task)
    said = [AnswerIn("q1", "pass"), AnswerIn("q2", "fail", "通道堵塞")]
    hand_in(patrol.lin, response, said)
    task.refresh_from_db()
    return task, Hazard.objects.unscoped().get()


@pytest.mark.requirement("X.2")
def test_plan_task_finding_hazard(county: County) -> None:
    patrol = Patrol(county)
    task, hazard = inspected(patrol)
    bureau, plan = patrol.bureau.user, task.round.plan
    assert leads(bureau, plan, task)
    found = Finding.objects.unscoped().get()
    assert leads(bureau, task, plan, found)
    assert leads(bureau, found, task, hazard)
    assert leads(bureau, hazard, found)
    for middle in (task, found, hazard, plan):
        with pytest.raises((Conflict, ProtectedError)):
            middle.delete()
        with pytest.raises((Conflict, ProtectedError)):
            type(middle).objects.unscoped().filter(pk=middle.pk).delete()
    with pytest.raises(ProtectedError):
        type(plan).unguarded.all().delete()
    client = signed_in(bureau)
    assert client.delete(task.get_absolute_url()).status_code == 405
    assert client.delete(f"/api{task.get_absolute_url()}").status_code in (404, 405)
    head = county.person("gao", "school_head", "second")
    assert signed_in(head).get(hazard.get_absolute_url()).status_code == 404


@pytest.mark.requirement("X.2")
def test_quick_report_special_check_and_notice(county: County) -> None:
    bureau, school = (
        county.actor("zhou", "bureau_safety", "county"),
        county.actor("he", "school_safety", "school"),
    )
    unit = county.units["school"]
    kind = create(SYSTEM, QuickKind(org=county.units["county"], title="设施", category=county.category))
    report = create(school, QuickReport(org=unit, kind=kind, text="松动", place="楼梯"))
    hazard = turn_into_hazard(school, report, reported_up=True)
    assert leads(school.user, report, hazard)
    assert leads(school.user, hazard, report)

    said = {
        "requirements": "自查",
        "finish_on": clock.today() + timedelta(days=9),
        "responsible": bureau.user,
    }
    check = create(bureau, SpecialCheck(org=county.units["county"], title="消防", **said))
    group = create(bureau, InspectionGroup(org=county.units["county"], name="一组", leader=bureau.user))
    part = create(bureau, SpecialPart(org=unit, check_of=check, group=group, reached=2))
    item = SpecialItem.objects.create(
        check_of=check, number=1, major="消防", wording="灭火器", standard="有压"
    )
    said = {"bureau_verdict": "fail", "bureau_text": "无压"}
    result = create(bureau, SpecialResult(org=unit, part=part, item=item, **said))
    found = raise_hazard(bureau, result, county.category)
    assert leads(bureau.user, check, part)
    assert leads(bureau.user, part, check, found)
    assert leads(bureau.user, found, part)

    notice = Notice(
        org=county.units["county"], title="防汛", body="x", state="published", published_at=clock.now()
    )
    create(bureau, notice)
    copy = create(bureau, NoticeCopy(org=unit, notice=notice))
    assert leads(bureau.user, notice, _page(copy))
    assert leads(bureau.user, _page(copy), notice)
    for middle in (report, part, copy, check):
        with pytest.raises(Conflict):
            middle.delete()


def _page(copy: NoticeCopy) -> Any:
    copy.get_absolute_url = lambda: f"/safety/notice-copies/{copy.pk}/"  # type: ignore[attr-defined]
    return copy


@pytest.mark.requirement("X.2")
def test_chains_that_stand_still_longer_than_the_limit_are_listed(county: County) -> None:
    patrol = Patrol(county)
    _, moving = inspected(patrol)
    bureau, unit = patrol.bureau, county.units["school"]
    still = create(bureau, Hazard(org=unit, title="一直没动", category=county.category))
    edge = create(bureau, Hazard(org=unit, title="刚好七天", category=county.category))
    done = create(bureau, Hazard(org=unit, title="早已误报", category=county.category))
    foreign = create(SYSTEM, Hazard(org=county.units["foreign"], title="别县的", category=county.category))
    now = clock.now()
    for row, days in ((still, 7.1), (edge, 6.9), (foreign, 30), (done, 30)):
        Hazard.unguarded.filter(pk=row.pk).update(updated_at=now - timedelta(days=days))
    Hazard.unguarded.filter(pk=done.pk).update(state="void")
    shown = lambda: [item.title for item in signed_in(bureau.user).get(STALLED).context["items"]]  # noqa: E731
    assert shown() == ["一直没动"]
    assert "1 条超过 7 天没有进展" in signed_in(bureau.user).get(STALLED).content.decode()
    limit = create(bureau, StallLimit(org=county.units["county"], days=5))
    assert shown() == ["一直没动", "刚好七天"]
    StallLimit.unguarded.filter(pk=limit.pk).update(days=40)
    assert shown() == []
    with clock.moved(now + timedelta(days=60)):
        assert {"一直没动", "刚好七天", moving.title} <= set(shown())
        assert signed_in(county.person("he2", "school_safety", "second")).get(STALLED).context["items"] == []
    assert signed_in(county.person("jiao", "staff", "school")).get(STALLED).status_code == 403


def test_every_link_is_seen_in_a_ledger() -> None:
    assert {"safety.hazard", "safety.inspectiontask", "safety.quickreport"} <= set(links.codes())

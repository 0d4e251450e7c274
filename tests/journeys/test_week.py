"""One scripted week of a bureau and two schools: both sides see the same records and figures (X.1)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionMode, InspectionPlan, InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.receiving import answer
from anlan.domains.safety.reporting import open_rounds, report_incident, report_safe, start_emergency
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.forms.api import AnswerIn, add_form, publish, save_content
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.registry.api import RiskCategory
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.factories import a_grant, a_user, sign_in
from tests.telling.conftest import Town, web

pytestmark = pytest.mark.django_db
REGISTERS = {  # as the school calls it, as the bureau does
    "hazards": "hazards",
    "inspections": "inspections",
    "quick": "quick",
    "received-notices": "notice-copies",
    "reports": "reports",
}
SCHOOLS = ("S1", "S2")


def phone(user: Any) -> Actor:
    """The person with a phone."""
    return Actor.person(user, "phone")


class Week:
    """The bureau with an inspector, the two schools with their heads, safety managers and a guard."""

    def __init__(self, town: Town) -> None:
        self.town, self.bureau = town, web(town.clerk)
        self.inspector = a_user("inspector", town.county, name="林巡查")
        a_grant(self.inspector, "hazard_raiser", town.county)
        self.managers = {code: a_user("school_safety", town[code], name=f"{code}安全员") for code in SCHOOLS}
        self.guard = a_user("guard", town["S1"], name="保安")
        self.fire = create(SYSTEM, RiskCategory(org=town.county, code="fire", title="消防安全"))

    def tasks_are_issued_and_the_schools_checked(self) -> None:
        """Monday: one plan for both schools; at the first an item fails."""
        county = self.town.county
        mode = create(self.bureau, InspectionMode(org=county, title="日常巡查", category=self.fire))
        form = add_form(self.bureau, county, title="消防检查表", subject="消防")
        question = {"uid": "q1", "type": "verdict", "text": "疏散通道畅通", "hazard_category": "fire"}
        save_content(self.bureau, form, {"sections": [{"title": "消防", "questions": [question]}]})
        publish(self.bureau, form)
        form.refresh_from_db()
        days = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=7), "deadline_days": 7}
        plan = create(self.bureau, InspectionPlan(org=county, title="本周巡查", mode=mode, form=form, **days))
        plan.inspectors.set([self.inspector])
        plan.schools.set([self.town[code] for code in SCHOOLS])
        activate_plan(self.bureau, plan)
        for task in InspectionTask.objects.unscoped().select_related("org"):
            verdict = "fail" if task.org == self.town["S1"] else "pass"
            sheet = open_sheet(phone(self.inspector), task)
            hand_in(phone(self.inspector), sheet, [AnswerIn("q1", verdict, note="堆放课桌椅")])

    def a_guard_reports_what_he_sees(self) -> None:
        """Tuesday: a quick report with its place, taken by the safety manager."""
        kind = create(SYSTEM, QuickKind(org=self.town.county, title="设施", category=self.fire))
        said = {"kind": kind, "text": "围墙砖块松动", "place": "北门", "created_by": self.guard}
        report = create(phone(self.guard), QuickReport(org=self.town["S1"], **said))
        perform(web(self.managers["S1"]), report, "accept")
        perform(web(self.managers["S1"]), report, "solve", {"result": "已加固"})

    def a_notice_goes_out_and_one_school_answers(self) -> None:
        """Wednesday."""
        notice = self.town.sent(*SCHOOLS, reply_wanted=True)
        answer(web(self.town.heads["S1"]), self.town.copy(notice, "S1"), "已排查")

    def schools_report_and_one_has_an_incident(self) -> None:
        """Thursday: the first school asks for emergency handling and gets it, the second is safe."""
        item = create(self.bureau, ReportItem(org=self.town.county, title="设施倒塌"))
        days = {"ends_on": clock.today() + timedelta(days=1)}
        plan = create(
            self.bureau, ReportPlan(org=self.town.county, title="每日安全报告", repeat="daily", **days)
        )
        open_rounds(self.bureau, plan)
        first, second = (self.report(code) for code in SCHOOLS)
        report_incident(phone(self.managers["S1"]), first, [item], "围墙倒塌，无人受伤", emergency=True)
        report_safe(phone(self.managers["S2"]), second)
        start_emergency(self.bureau, self.report("S1"))

    def report(self, code: str) -> SafetyReport:
        """The safety report of a school."""
        return SafetyReport.objects.unscoped().get(org=self.town[code])

    def the_hazard_is_rectified_checked_and_archived(self) -> None:
        """Friday: the loop to its end."""
        hazard, school = Hazard.objects.unscoped().get(), web(self.managers["S1"])
        due = clock.now() + timedelta(days=3)
        perform(self.bureau, hazard, "confirm", {"grade": "general", "responsible": "何静", "due_at": due})
        perform(school, hazard, "submit", {"measure": "已清空"}, files={"after": 1})
        perform(self.bureau, hazard, "approve")
        perform(phone(self.inspector), hazard, "pass_recheck", {"opinion": "合格"})
        perform(self.bureau, hazard, "strike_off")


@pytest.fixture
def week(db: None) -> Iterator[Week]:
    """The week, from Monday to Friday, told on one morning."""
    morning = datetime.combine(clock.today(), time(8), clock.zone())
    with clock.moved(morning):
        made = Week(Town())
        made.tasks_are_issued_and_the_schools_checked()
        made.a_guard_reports_what_he_sees()
        made.a_notice_goes_out_and_one_school_answers()
        made.schools_report_and_one_has_an_incident()
        made.the_hazard_is_rectified_checked_and_archived()
        yield made


def records(user: Any, register: str, **query: Any) -> dict[int, dict[str, Any]]:
    """What the interface shows a person of a register, by number."""
    found = sign_in(Client(), user).get(f"/api/safety/{register}/", {"size": 100, **query}).json()
    assert found["count"] == len(found["results"])
    return {row["id"]: row for row in found["results"]}


def agree(own: dict[int, dict[str, Any]], above: dict[int, dict[str, Any]]) -> bool:
    """Whether both sides list the same records and say the same of each, masked words left out."""
    return own.keys() == above.keys() and all(
        value == above[pk].get(name, value) or "*" in f"{value}{above[pk][name]}"
        for pk, row in own.items()
        for name, value in row.items()
    )


@pytest.mark.requirement("X.1")
def test_both_sides_see_the_same_records_and_figures_and_no_school_the_other_s(week: Week) -> None:
    clerk = week.town.clerk
    expected = {"S1": [1, 1, 1, 1, 1], "S2": [0, 1, 0, 1, 1]}
    for code, manager in week.managers.items():
        unit = week.town[code]
        own = [records(manager, register) for register in REGISTERS]
        above = [records(clerk, register, org=unit.pk) for register in REGISTERS.values()]
        assert [len(rows) for rows in own] == expected[code]
        assert all(agree(*pair) for pair in zip(own, above, strict=True))
    (hazard,) = Hazard.objects.unscoped()
    assert (hazard.state, hazard.archived_at is not None) == ("closed", True)
    for record in (hazard, week.report("S1"), QuickReport.objects.unscoped().get()):
        url = record.get_absolute_url()
        assert sign_in(Client(), week.managers["S1"]).get(url).status_code == 200
        assert sign_in(Client(), clerk).get(url).status_code == 200
        assert sign_in(Client(), week.managers["S2"]).get(url).status_code == 404

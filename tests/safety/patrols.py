"""The cast of an inspection: a bureau, two inspectors, a form of two questions, a mode."""

from datetime import timedelta
from typing import Any

from django.test import Client

from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionPlan, InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.domains.safety.planning import activate_plan
from anlan.engines.audit.api import Actor, create
from anlan.engines.forms.api import AnswerIn, FormDefinition, add_form, publish, save_content
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.org.api import Grant, Role
from anlan.kernel import clock
from tests.safety.conftest import County


def question(uid: str, text: str) -> dict[str, Any]:
    """A pass/fail question in JSON."""
    return {"uid": uid, "type": "verdict", "text": text, "hazard_category": "fire"}


class Patrol:
    """A bureau, two inspectors, a form of two questions, a mode."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.bureau = county.actor("zhou", "bureau_safety", "county")
        self.lin = county.actor("lin", "inspector", "county")
        self.fang = county.actor("fang", "inspector", "county")
        for actor in (self.lin, self.fang):
            Grant.objects.create(
                user=actor.user, role=Role.objects.get(code="hazard_raiser"), unit=county.units["county"]
            )
        self.school = county.actor("he", "school_safety", "school")
        self.form = self.published("消防检查表")
        self.mode = self.make_mode()

    def published(self, title: str, **values: Any) -> FormDefinition:
        """A form in use with two questions."""
        form = add_form(self.bureau, self.county.units["county"], title=title, subject="消防", **values)
        content = {
            "sections": [{"title": "消防", "questions": [question("q1", "灭火器"), question("q2", "通道")]}]
        }
        save_content(self.bureau, form, content)
        publish(self.bureau, form)
        form.refresh_from_db()
        return form

    def make_mode(self, **values: Any) -> InspectionMode:
        """A mode of the county."""
        said = {"org": self.county.units["county"], "title": "日常巡查", "category": self.county.category}
        return create(self.bureau, InspectionMode(**said | values))

    def plan(self, people: list[Any], schools: list[str], **values: Any) -> InspectionPlan:
        """A draft of one week."""
        said = {
            "org": self.county.units["county"], "title": "一季度巡查", "mode": self.mode, "form": self.form,
            "starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=30), "deadline_days": 7,
        }  # fmt: skip
        plan = create(self.bureau, InspectionPlan(**said | values))
        plan.inspectors.set([actor.user for actor in people])
        plan.schools.set([self.county.units[school] for school in schools])
        return plan

    def task(self, **values: Any) -> InspectionTask:
        """The task of an issued plan at the school, Lin's."""
        plan = self.plan([self.lin], ["school"], **values)
        activate_plan(self.bureau, plan)
        return InspectionTask.objects.unscoped().get(round__plan=plan)

    def done(self, task: InspectionTask, **verdicts: str) -> InspectionTask:
        """The task handed in; failed items with a note."""
        hand_in(self.lin, open_sheet(self.lin, task), said(**verdicts))
        task.refresh_from_db()
        return task


def said(**verdicts: str) -> list[AnswerIn]:
    """Answers by question; failed ones with a note."""
    return [AnswerIn(uid, value, note="缺水枪" if value == "fail" else "") for uid, value in verdicts.items()]


def browser(actor: Actor) -> Client:
    """The person at a desk or on a phone."""
    client = Client()
    client.force_login(actor.user)
    return client


def text_of(answer: Any) -> str:
    """A page that came, as text."""
    assert answer.status_code == 200, (answer.status_code, answer.content.decode()[:500])
    return str(answer.content.decode())


def rows_in(answer: Any) -> int:
    """How many rows the list shows."""
    return text_of(answer).count('data-m="block"><a class="al-row__t"')


TASKS = "/safety/inspections/"


def named(client: Client, **query: Any) -> list[str]:
    """Plans of the tasks the interface lists, in order."""
    return [row["name"] for row in client.get("/api" + TASKS, query).json()["results"]]

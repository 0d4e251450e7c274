"""The week told role by role: each does its part, is refused the others', and leaves its trace (X.4, X.15)."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.domains.safety.audiences import address
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionMode, InspectionPlan, InspectionTask
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.reporting import open_rounds
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.engines.audit.api import SYSTEM, AuditEntry, create, seal, verify_chain
from anlan.engines.forms.api import Response, add_form, publish, save_content
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, Role
from anlan.engines.registry.api import RiskCategory
from anlan.kernel import clock
from tests.audit.test_chain import ENTRY, SEAL, sql
from tests.factories import a_grant, a_user, sign_in
from tests.safety.loops import photo
from tests.telling.conftest import Town, web

pytestmark = pytest.mark.django_db
JSON = "application/json"


@dataclass
class Step:
    """One decisive step: who takes it, who else might, where, with what; ``action`` is its name in the trail."""

    who: str
    also: str
    action: str
    path: str
    said: dict[str, Any] = field(default_factory=dict)
    json: bool = False

    def take(self, client: Client) -> Any:
        """Try it."""
        if self.json:
            return client.post(self.path, json.dumps(self.said), JSON)
        said = {name: value() if callable(value) else value for name, value in self.said.items()}
        return client.post(self.path, said)


class Roles:
    """One person in each ready-made role of the week, and another school's manager."""

    def __init__(self) -> None:
        self.town = town = Town()
        county, school = town.county, town["S1"]
        self.people = {
            "clerk": town.clerk,
            "leader": a_user("bureau_leader", county, name="陈局长"),
            "team": a_user("team_admin", county, name="吴队长"),
            "inspector": a_user("inspector", county, name="林巡查"),
            "manager": a_user("school_safety", school, name="何安全"),
            "head": town.heads["S1"],
            "staff": a_user("staff", school, name="安老师"),
            "system": a_user("system_admin", county, name="系统员"),
            "other": a_user("school_safety", town["S2"], name="二小安全员"),
        }
        a_grant(self.people["inspector"], "hazard_raiser", county)
        self.fire = create(SYSTEM, RiskCategory(org=county, code="fire", title="消防安全"))

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def client(self, name: str) -> Client:
        """Signed in."""
        return sign_in(Client(), User.objects.get(pk=self.people[name].pk))

    def plan(self) -> InspectionPlan:
        """A draft for the first school."""
        bureau, county = web(self["clerk"]), self.town.county
        mode = create(bureau, InspectionMode(org=county, title="日常巡查", category=self.fire))
        form = add_form(bureau, county, title="消防检查表", subject="消防")
        question = {"uid": "q1", "type": "verdict", "text": "疏散通道畅通", "hazard_category": "fire"}
        save_content(bureau, form, {"sections": [{"title": "消防", "questions": [question]}]})
        publish(bureau, form)
        form.refresh_from_db()
        days = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=7), "deadline_days": 7}
        plan = create(bureau, InspectionPlan(org=county, title="本周巡查", mode=mode, form=form, **days))
        plan.inspectors.set([self["inspector"]])
        plan.schools.set([self.town["S1"]])
        return plan

    def week(self) -> Iterator[Step]:
        """Every decisive step, Monday to Friday; each is taken before the next is asked for."""
        account = {"name": "新老师", "username": "xinlaoshi", "phone": "", "unit": "S1"}
        yield Step("system", "", "account.open", "/accounts/open/", account)
        yield from self.monday()
        yield from self.tuesday()
        yield from self.thursday()
        yield from self.friday()

    def monday(self) -> Iterator[Step]:
        """The plan goes out and the school is checked; one item fails."""
        plan = self.plan()
        yield Step("clerk", "team", "", f"{plan.get_absolute_url()}act/issue")
        task = InspectionTask.objects.unscoped().get()
        sheet = f"/safety/field/tasks/{task.pk}/sheet"
        yield Step("inspector", "", "", sheet, {"uid": str(uuid4())}, json=True)
        answers = [{"uid": str(uuid4()), "question": "q1", "value": "fail", "note": "堆放", "photos": [],
                    "score": None, "at": clock.now().isoformat()}]  # fmt: skip
        uid = Response.objects.unscoped().get().uid
        yield Step(
            "inspector", "", "", f"/forms/responses/{uid}/submit.json", {"answers": answers}, json=True
        )

    def tuesday(self) -> Iterator[Step]:
        """A teacher tells of something; the manager handles it. A notice goes out and is answered."""
        kind = create(SYSTEM, QuickKind(org=self.town.county, title="设施", category=self.fire))
        said = {"kind": kind.pk, "text": "围墙松动", "place": "北门", "urgency": "normal"}
        yield Step("staff", "manager head other", "", "/safety/quick/new", said)
        url = QuickReport.objects.unscoped().get(created_by=self["staff"]).get_absolute_url()
        yield Step("manager", "head", "move:accept", f"{url}move/accept")
        yield Step("manager", "head", "move:solve", f"{url}move/solve", {"result": "已加固"})
        notice = self.town.draft(reply_wanted=True)
        address(web(self["clerk"]), notice, {"named": [self.town["S1"]]})
        yield Step("clerk", "team leader", "publish", f"{notice.get_absolute_url()}act/publish")
        copy = NoticeCopy.objects.unscoped().get()
        yield Step("head", "manager", "", f"{copy.get_absolute_url()}act/answer", {"reply": "已排查"})

    def thursday(self) -> Iterator[Step]:
        """The school reports an incident; the leader switches emergency handling on."""
        item = create(SYSTEM, ReportItem(org=self.town.county, title="设施倒塌"))
        days = {"ends_on": clock.today() + timedelta(days=1)}
        plan = ReportPlan(org=self.town.county, title="每日安全报告", repeat="daily", **days)
        open_rounds(web(self["clerk"]), create(web(self["clerk"]), plan))
        url = SafetyReport.objects.unscoped().get(org=self.town["S1"]).get_absolute_url()
        said = {"items": [item.pk], "text": "围墙倒塌，无人受伤", "emergency": "on"}
        yield Step("manager", "head", "", f"{url}act/incident", said)
        yield Step("leader", "clerk", "emergency", f"{url}act/emergency")

    def friday(self) -> Iterator[Step]:
        """The loop of the hazard to its end."""
        url = Hazard.objects.unscoped().get().get_absolute_url()
        due = f"{clock.now().astimezone(clock.zone()) + timedelta(days=3):%Y-%m-%dT%H:%M}"
        judged = {"grade": "general", "responsible": "何安全", "due_at": due}
        yield Step("team", "clerk", "move:confirm", f"{url}move/confirm", judged)
        done = {"measure": "已清空", "after": photo}
        yield Step("manager", "head", "move:submit", f"{url}move/submit", done)
        yield Step("clerk", "team", "move:approve", f"{url}move/approve")
        yield Step("inspector", "clerk team", "move:pass_recheck", f"{url}move/pass_recheck")
        yield Step("team", "clerk", "move:strike_off", f"{url}move/strike_off")


@pytest.fixture
def morning() -> Iterator[None]:
    """The whole week is told on one morning."""
    with clock.moved(datetime.combine(clock.today(), time(8), clock.zone()).astimezone(UTC)):
        yield


@pytest.mark.sqlite  # of rights, decided in Python
@pytest.mark.requirement("X.4")
def test_each_role_does_its_part_and_is_refused_the_decisive_steps_of_the_others(
    db: None, morning: None
) -> None:
    roles, parts = Roles(), set()
    for step in roles.week():
        for name in roles.people:
            if name != step.who and name not in step.also.split():
                answer = step.take(roles.client(name))
                assert answer.status_code in (403, 404, 409), (name, step.path, answer.status_code)
        answer = step.take(roles.client(step.who))
        assert answer.status_code in (200, 302, 303), (step.who, step.path, answer.content.decode()[-3000:])
        parts.add(step.who)
    assert parts == set(roles.people) - {"other"}, "every ready-made role has its part"
    hazard = Hazard.objects.unscoped().get()
    assert (hazard.state, hazard.archived_at is not None) == ("closed", True)


@pytest.mark.requirement("X.4")
def test_roles_are_composed_work_at_once_are_held_at_several_schools_and_nobody_raises_oneself(
    db: None, morning: None
) -> None:
    roles, town = Roles(), None
    town = roles.town
    keeper = a_user("security_admin", town.county, name="安全保密员")
    security, newcomer = sign_in(Client(), keeper), a_user("", town.county, name="新来的")
    her = sign_in(Client(), newcomer)
    assert her.get("/safety/hazards/").status_code == 403
    rights = {"title": "隐患查看员", "app_safety": ["safety.hazards.view"]}
    assert security.post("/roles/new/", rights).status_code == 302
    role = Role.objects.get(title="隐患查看员")
    for code in ("S1", "S2"):
        said = {"username": newcomer.username, "role": role.pk, "unit": town[code].code}
        assert security.post("/grants/new/", said).status_code == 302
    for code in ("S1", "S2", "S3"):
        create(SYSTEM, Hazard(org=town[code], title=f"{code}的隐患", category=roles.fire))
    page = her.get("/safety/hazards/").content.decode()
    assert [f"{code}的隐患" in page for code in ("S1", "S2", "S3")] == [True, True, False]
    hazard = Hazard.objects.unscoped().get(org=town["S1"])
    assert her.post(f"{hazard.get_absolute_url()}move/confirm").status_code == 403
    for name in roles.people:
        grants = Grant.objects.filter(user=roles[name]).count()
        client = roles.client(name)
        said = {"username": roles[name].username, "role": role.pk, "unit": town.county.code}
        assert client.post("/grants/new/", said).status_code in (403, 422), name
        assert (
            client.post("/roles/new/", {"title": "全部", "app_safety": ["safety.hazards.edit"]}).status_code
            == 403
        )
        assert Grant.objects.filter(user=roles[name]).count() == grants
    said = {"username": keeper.username, "role": role.pk, "unit": town.county.code}
    assert security.post("/grants/new/", said).status_code in (403, 422)
    assert Grant.objects.filter(user=keeper).count() == 1


def unguard() -> None:
    """The triggers dropped, as somebody with the database's password could."""
    for table in (ENTRY, SEAL):
        if connection.vendor == "postgresql":
            sql(f"DROP TRIGGER {table}_guard ON {table}")
        else:
            sql(f"DROP TRIGGER {table}_no_update")
            sql(f"DROP TRIGGER {table}_no_delete")


@pytest.mark.requirement("X.15")
def test_every_decisive_step_is_in_the_trail_which_cannot_be_changed_unseen(db: None, morning: None) -> None:
    roles, taken = Roles(), []
    for step in roles.week():
        before = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        assert step.take(roles.client(step.who)).status_code in (200, 302, 303)
        entries = AuditEntry.objects.filter(pk__gt=before, user=roles[step.who], succeeded=True)
        wanted = entries.filter(action=step.action) if step.action else entries
        assert wanted.exists(), (step.path, [entry.action for entry in entries])
        taken.append((step, wanted.order_by("pk")[0]))
    order = [entry.pk for _, entry in taken]
    assert order == sorted(order), "in order of time"

    auditor = sign_in(Client(), a_user("auditor", roles.town.county))
    for step, entry in taken:
        page = auditor.get(f"/audit/{entry.pk}/")
        assert page.status_code == 200, step.path
        assert roles[step.who].name in page.content.decode()
        found = auditor.get("/audit/", {"person": roles[step.who].name, "action": entry.action})
        assert f"/audit/{entry.pk}/" in found.content.decode(), step.path
    sheet = auditor.get("/audit/export.xlsx", {"person": "吴队长"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert sum("吴队长" in map(str, row) for row in rows) >= 2

    hazard = Hazard.objects.unscoped().get()
    for name in roles.people:
        client = roles.client(name)
        assert client.get("/audit/").status_code == 403, name
        assert client.get(f"/audit/{taken[0][1].pk}/").status_code == 403
    own = roles.client("manager").get(hazard.get_absolute_url()).content.decode()
    assert "办理记录" in own
    assert all(words in own for words in ("吴队长", "何安全", "林巡查"))
    assert roles.client("other").get(hazard.get_absolute_url()).status_code == 404

    seal(everything=True)
    assert list(verify_chain()) == []
    unguard()
    sql(f"UPDATE {ENTRY} SET actor = 'x' WHERE id = %s", taken[-1][1].pk)
    assert "记录内容被改动" in [fault.text for fault in verify_chain()]
    sql(f"DELETE FROM {SEAL} WHERE entry_id = %s", taken[3][1].pk)
    sql(f"DELETE FROM {ENTRY} WHERE id = %s", taken[3][1].pk)
    assert "缺少记录" in [fault.text for fault in verify_chain()]

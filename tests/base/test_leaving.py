"""Who leaves hands everything on with one act: each field that names a person is a running duty or history (X.23)."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from anlan.base.handing_on import duties
from anlan.base.leaving import VACANT
from anlan.base.people import Person
from anlan.base.person_lists import PARTS
from anlan.base.vacancies import Vacancy
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.registry.api import ledger_of, ledgers
from anlan.engines.tasks.api import Todo, todos_for
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan
from anlan.engines.tasks.splitting import issue
from anlan.kernel import clock
from tests.conformance.rows import a_row, values_for
from tests.factories import Tree, a_user, sign_in

pytestmark = pytest.mark.django_db

# Fields with a handler of their own; the test shows their rows end.
ENDED = {
    "base.grid.keeper", "base.grid.deputy", "base.postholder.person", "base.teammember.person", "duty.turn.person",
    "duty.swap.asker", "duty.swap.colleague", "organisation.seat.person", "dormitory.keeper.person",
    "guards.guard.person", "fire.walk.person",
}  # fmt: skip
# What is over, or said of the person, keeps the name.
HISTORY = {
    "base.vacancy.person": "says who left",
    "site_security.qualification.person": "a certificate is the person's own; it is watched no more",
    "fire.duty.person": "a certificate is the person's own; it is watched no more",
    "special_equipment.operator.person": "a certificate is the person's own; it is watched no more",
    "alarms.opening.approver": "who allowed it",
    "organisation.signin.person": "who was there",
    "accounts.item.person": "who handled a paper that is filed",
    "texting.text.person": "whom a message was written to",
}


def naming_people() -> dict[str, Any]:
    """Every field of a model that names a person."""
    return {
        f"{model._meta.label_lower}.{field.name}": field
        for model in apps.get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.related_model is Person
    }


def test_every_field_that_names_a_person_is_decided() -> None:
    passed = {code for code in duties.codes() if duties[code].one.related_model is Person}
    assert set(naming_people()) == passed | ENDED | set(HISTORY)
    assert not (passed & (ENDED | set(HISTORY)))
    assert not (ENDED & set(HISTORY))


def running(code: str) -> dict[str, Any]:
    """What makes an example row of this field one that still counts."""
    ahead, day = clock.now() + timedelta(hours=2), clock.today()
    return {
        "organisation.meeting.host": {"held_at": ahead},
        "organisation.meeting.attendees": {"held_at": ahead},
        "dormitory.night.leader": {"night": day},
        "fire.walk.person": {"result": "open", "ends_at": ahead},
        "duty.turn.person": {"begins_at": ahead, "ends_at": ahead},
        "alarms.peakday.staff": {"state": "open", "begins_at": ahead, "ends_at": ahead},
        "base.postholder.deputy": {"post": "safety_post.contact", "single": False},
        "guards.guard.person": {"left_on": None, "joined_on": day},
    }.get(code, {})


class Leaving:
    """A school whose man stands in every field there is, and a woman who may take over."""

    def __init__(self, tree: Tree) -> None:
        self.unit = tree.school
        self.clerk, self.head = a_user("school_safety", self.unit), a_user("school_head", self.unit)
        self.man = self.somebody("周离岗")
        self.woman = self.somebody("吴接替")
        self.rows = {
            code: self.row(code, field) for code, field in naming_people().items() if "vacancy" not in code
        }

        self.task()

    def task(self) -> None:
        """A task of the school that is the man's."""
        day = clock.today()
        said = {
            "title": "装应急灯",
            "org": self.unit,
            "starts_on": day,
            "ends_on": day,
            "responsible": self.man.account,
        }
        issue(Actor.person(self.head, "web"), SchoolTaskPlan(**said), (), ())

    def somebody(self, name: str) -> Person:
        said = {"name": name, "account": a_user("staff", self.unit)}
        return create(SYSTEM, Person(org=self.unit, **said))

    def row(self, code: str, field: Any) -> Any:
        model = field.model
        known = ledger_of(model)
        if known:
            row = a_row(known, self.unit, **({} if field.many_to_many else {field.name: self.man}))
        else:
            said = values_for(model, self.unit) | {"org": self.unit, field.name: self.man}
            row = model(**said)
            row.save()
        models.QuerySet(model).filter(pk=row.pk).update(org=self.unit, **running(code))
        if code == "site_security.keyplace.keeper":
            models.QuerySet(type(row.kind)).update(edition=row.survey.edition, general=False)
        if field.many_to_many:
            getattr(row, field.name).add(self.man)
        return model.unguarded.get(pk=row.pk)

    def fresh(self, code: str) -> Any:
        """The row as it is now."""
        return type(self.rows[code]).unguarded.get(pk=self.rows[code].pk)

    def who(self, code: str) -> Any:
        """Who stands in the field now: the person, nobody, or the people."""
        value = getattr(self.fresh(code), code.rsplit(".", 1)[1])
        return list(value.all()) if naming_people()[code].many_to_many else value

    def act(self, client: Client, name: str, by: Any, **said: Any) -> int:
        return sign_in(client, by).post(f"{self.man.get_absolute_url()}act/{name}", said).status_code


def ended(row: Any) -> bool:
    """Neither in force nor waited for."""
    over = (getattr(row, name, None) for name in ("archived_at", "ends_on", "left_on"))
    return any(over) or getattr(row, "state", "") == "withdrawn"


@pytest.mark.requirement("X.23")
def test_one_act_takes_a_person_out_of_rosters_and_open_tasks(tree: Tree, client: Client) -> None:
    school = Leaving(tree)
    assert todos_for(school.man.account).exists()
    assert school.act(client, "leave", school.clerk, successor="") == 303
    for code in set(school.rows) - set(HISTORY):
        gone = school.who(code) in (None, [])
        assert gone or ended(school.fresh(code)) or code == "organisation.meetingtask.person", code
    assert all(school.who(code) == school.man for code in set(HISTORY) & set(school.rows))
    task = SchoolTask.unguarded.get(round__plan__title="装应急灯")
    assert (task.assignee, task.state) == (None, "pending")
    assert not Todo.objects.filter(user=school.man.account, closed_at=None).exists()
    assert not User.objects.usable().filter(pk=school.man.account_id).exists()
    lines = todos_for(school.head).filter(kind=VACANT)
    count = school.man.vacancies.count()
    assert [line.title for line in lines] == [f"周离岗已离岗，{count} 项工作要指定接替人"]
    page = client.get(school.man.get_absolute_url()).content.decode()
    assert f"下面 {count} 项原来由周离岗负责" in page
    assert school.act(client, "replace", school.head, successor=school.woman.pk) == 303
    assert not todos_for(school.head).filter(kind=VACANT).exists()
    assert not Vacancy.objects.exists()
    assert all(
        school.woman in _listed(school.who(code))
        for code in duties.codes()
        if code in school.rows
        if duties[code].replaced
    )


def test_what_runs_goes_to_the_successor_named_in_the_act(tree: Tree, client: Client) -> None:
    school = Leaving(tree)
    stranger = create(SYSTEM, Person(org=tree.sister_school, name="外校人"))
    assert school.act(client, "leave", school.clerk, successor=stranger.pk) == 422
    assert school.who("supplies.stock.keeper") == school.man
    assert school.act(client, "leave", school.clerk, successor=school.woman.pk) == 303
    kept = {
        code
        for code in duties.codes()
        if code in school.rows and school.woman not in _listed(school.who(code))
    }
    assert kept == set()
    assert SchoolTask.unguarded.get(round__plan__title="装应急灯").assignee == school.woman.account
    assert not Todo.objects.filter(kind=VACANT).exists()
    assert school.act(client, "leave", school.woman.account, successor="") in (403, 404, 409)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.requirement("X.23")
def test_a_persons_page_gathers_what_all_modules_say_and_each_number_opens_its_list(
    tree: Tree, client: Client
) -> None:
    school = Leaving(tree)
    guard, account = {"guard": school.rows["guards.guard.person"]}, school.man.account
    for code, said in (
        ("guards.cards", guard),
        ("guards.assessments", guard),
        ("guards.merits", guard | {"kind": "training"}),
        ("guards.merits", guard | {"kind": "reward"}),
        ("safety.inspections", {"assignee": account, "state": "completed", "late": True}),
        ("safety.inspections", {"assignee": account, "state": "completed"}),
        ("safety.inspections", {"assignee": account, "due_at": clock.now() - timedelta(days=2)}),
    ):
        a_row(ledgers[code], school.unit, **said)
    sign_in(client, school.clerk)
    page = client.get(school.man.get_absolute_url()).content.decode()
    block = page.split('id="block-numbers"')[1].split("</section>")[0]
    found = re.findall(r'href="([^"]+)">([^<]+?) ([\d,]+)</a>', block)
    parts = re.findall(r"<dt>([^<]+)</dt>", block)
    assert parts == list(PARTS.values())
    said = {title: int(number) for _, title, number in found}
    assert (said["巡查任务（已完成）"], said["巡查任务（逾期提交）"], said["巡查任务（逾期未完成）"]) == (
        2,
        1,
        1,
    )
    assert (said["保安员证"], said["保安培训和演练"], said["保安考核"], said["保安奖惩"]) == (1, 1, 1, 1)
    for url, title, number in found:
        listed = client.get(html.unescape(url))
        assert listed.status_code == 200, url
        assert f"共 {number} 条" in listed.content.decode(), (title, url)
    table = client.get("/base/personnel/").content.decode()
    row = re.sub(r"<[^>]+>|\s+", " ", table.split(">周离岗<")[1].split("</tr>")[0]).split()
    summed = [
        sum(int(n) for n in re.findall(r">[^<]+? ([\d,]+)</a>", part)) for part in block.split("<dt>")[1:]
    ]
    assert row[-len(PARTS) :] == [str(number) for number in summed]
    other = sign_in(client, a_user("school_safety", tree.sister_school))
    assert "周离岗" not in other.get("/base/personnel/").content.decode()
    assert other.get(f"/base/personnel/?unit={school.unit.code}").status_code == 422
    assert other.get(f"/fire/duties/?whose={school.man.pk}").content.decode().count("周离岗") == 0

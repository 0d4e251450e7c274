"""Every kind of line of the to-do list opens its working page, and the right action is there (D11.4)."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

import anlan
from anlan.base.school_changes import SchoolChange
from anlan.base.schools import School
from anlan.domains.organisation.issuing import issue_letters
from anlan.domains.safety.following import draft_notice
from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.judging import judge
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.pressing import ask_extension
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.reporting import open_rounds, report_incident
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.domains.safety.sending import publish
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.tasks.api import Assignment, request_extension, todos_for
from anlan.engines.workflow.api import Flow, flows, perform
from anlan.kernel import clock
from tests.factories import a_tree
from tests.organisation.conftest import Bureau
from tests.safety.conftest import County
from tests.safety.loops import Loop, signed_in
from tests.safety.patrols import Patrol
from tests.safety.specials import Cast, verdicts
from tests.sample.permits import Permit
from tests.site_security.conftest import Ground
from tests.tasks.conftest import MONDAY, Office, at

pytestmark = pytest.mark.django_db
Line = tuple[Any, str]
CODE = Path(anlan.__file__).parent
OPENERS = {"open_todo", "open_todos"}


def opening(path: Path) -> Iterator[str]:
    """Functions of a file that put something on desks."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            called = {
                node.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if called & OPENERS:
                yield f"{path.relative_to(CODE).with_suffix('')}:{function.name}"


def hazard(county: County) -> Iterator[Line]:
    """Judged by the bureau, rectified by the school, re-checked and struck off."""
    loop = Loop(county)
    one = loop.hazard()
    yield loop.bureau.user, "move/confirm"
    loop.confirm(one)
    yield loop.school.user, "move/submit"
    loop.rectify(one)
    yield loop.bureau.user, "move/approve"
    perform(loop.bureau, one, "approve")
    yield loop.inspector.user, "move/pass_recheck"
    perform(loop.inspector, one, "pass_recheck")
    yield loop.bureau.user, "move/strike_off"


def failed_recheck(county: County) -> Iterator[Line]:
    """The school's own inspectors watch what failed; the page shows the rounds."""
    loop = Loop(county)
    own = county.person("yan", "inspector", "school")
    one = loop.to_recheck(loop.confirm(loop.hazard()))
    perform(loop.inspector, one, "fail_recheck", {"opinion": "还有两处"})
    yield own, "还有两处"


def given(county: County) -> Iterator[Line]:
    """The person of the school a hazard was given to."""
    loop = Loop(county)
    handler = county.person("shi", "staff", "school")
    one = loop.confirm(loop.hazard())
    perform(loop.school, one, "assign", {"rectifier": handler})
    yield handler, "move/submit"


def quick(county: County) -> Iterator[Line]:
    """Taken by the manager, then solved; a confidential one nobody handles asks for a name."""
    loop = Loop(county)
    unit, teacher = county.units["school"], county.person("jiao", "staff", "school")
    said = {"org": county.units["county"], "category": county.category}
    open_, secret = (
        create(SYSTEM, QuickKind(title=title, confidential=closed, **said))
        for title, closed in (("设施", False), ("欺凌", True))
    )
    client = signed_in(teacher)
    body = {"place": "东楼", "urgency": "normal", "text": "扶手松动"}
    assert client.post("/safety/quick/new", body | {"kind": open_.pk}).status_code == 303
    yield loop.school.user, "move/accept"
    report = QuickReport.objects.unscoped().get(org=unit)
    perform(loop.school, report, "accept")
    yield loop.school.user, "move/solve"
    perform(loop.school, report, "solve", {"result": "已修"})
    assert client.post("/safety/quick/new", body | {"kind": secret.pk}).status_code == 303
    yield loop.school.user, 'name="kind"'


def incident(county: County) -> Iterator[Line]:
    """The day's report of a school, and the bureau's decision on what it reported."""
    loop = Loop(county)
    item = create(loop.bureau, ReportItem(org=county.units["county"], title="设施"))
    days = {"ends_on": clock.today() + timedelta(days=3)}
    plan = create(
        loop.bureau, ReportPlan(org=county.units["county"], title="每日报告", repeat="daily", **days)
    )
    plan.named.set([county.units["school"]])
    with clock.moved(datetime.combine(clock.today(), time(8), clock.zone())):
        open_rounds(loop.bureau, plan)
        yield loop.school.user, "act/safe"
        report_incident(
            loop.school, SafetyReport.objects.unscoped().get(), [item], "围墙倒塌", emergency=True
        )
        yield loop.bureau.user, "act/emergency"


def inspection(county: County) -> Iterator[Line]:
    """A task: taken on, begun, filled in."""
    patrol = Patrol(county)
    task = patrol.task()
    yield patrol.lin.user, "act/take"
    patrol.done(task, q1="fail", q2="pass")
    [finding] = findings_of(task)
    draft_notice(patrol.bureau, finding, {"title": "关于灭火器", "body": "请整改"})
    yield patrol.bureau.user, "act/publish"


def special(county: County) -> Iterator[Line]:
    """The contact's material, the head's self-check, the group's and the bureau's judgement."""
    cast = Cast(county)
    cast.assign("school")
    cast.published("school")
    part = cast.part()
    yield cast.contact.user, "act/upload"
    yield cast.head.user, "act/check_self"
    judge(cast.head, part, "school", verdicts(part, "pass", "pass"))
    yield cast.head.user, "move/submit"
    perform(cast.head, part, "submit", {"findings": "已自查"})
    yield cast.leader.user, "act/check_group"
    judge(cast.leader, part, "group", verdicts(part, "pass", "pass"))
    yield cast.leader.user, "move/group_confirm"
    perform(cast.leader, part, "group_confirm", {"group_summary": "属实"})
    yield cast.bureau.user, "act/check_bureau"
    judge(cast.bureau, part, "bureau", verdicts(part, "pass", "pass"))
    yield cast.bureau.user, "move/bureau_confirm"


def notice(county: County) -> Iterator[Line]:
    """A notice at the unit addressed, to be answered."""
    loop = Loop(county)
    said = {"title": "防火", "body": "请排查", "reply_wanted": True}
    row = create(loop.bureau, Notice(org=county.units["county"], **said))
    row.addressees.set([county.units["school"]])
    publish(loop.bureau, row)
    yield loop.school.user, "act/answer"


def school_task(county: County) -> Iterator[Line]:
    """A task a head gives, its acceptance, and the wish for more time."""
    office = Office()
    task = office.own()
    yield office.anna, "accept"
    with clock.moved(at(MONDAY, 12)):
        anna = Actor.person(office.anna, "phone")
        request_extension(anna, task, at(MONDAY.replace(day=22), 17), "来不及")
    yield office.head, "extension"


def letter(county: County) -> Iterator[Line]:
    """A letter to sign."""
    bureau = Bureau()
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1"))
    yield bureau.account(bureau.heads[0]), "act/sign"


def approval(county: County) -> Iterator[Line]:
    """An edition of the process asks the township to approve."""
    loop = Loop(county)
    town = county.person("zhen", "township_officer", "town")
    said = {"days-approve": "9", "extra-approve": "township_officer"}
    assert signed_in(loop.bureau.user).post("/flows/safety.hazards/adjust", said).status_code == 303
    loop.rectify(loop.confirm(loop.hazard()))
    yield town, "approve/approve"


def more_time(county: County) -> Iterator[Line]:
    """A school asks for a later deadline of a hazard."""
    loop = Loop(county)
    one = loop.confirm(loop.hazard())
    until = clock.now() + timedelta(days=20)
    ask_extension(loop.school, one, {"until": until, "reason": "要采购"})
    yield loop.bureau.user, "move/agree"


def site_survey(county: County) -> Iterator[Line]:
    """Key places: stated by the school, confirmed by an inspector."""
    ground = Ground(a_tree())
    survey = ground.survey()
    yield ground.officer.user, "kinds/"
    ground.set_all_up(ground.officer, survey)
    ground.fill(ground.officer, survey)
    perform(ground.officer, survey, "submit")
    yield ground.inspector.user, "move/confirm"


def dated(county: County) -> Iterator[Line]:
    """A licence that runs out."""
    keeper = county.person("deng", "lamp_keeper", "school")
    said = {"name": "经营许可", "number": "X-1", "holder": "王小明", "issued_on": clock.today()}
    values = said | {"valid_to": clock.today() + timedelta(days=3)}
    create(SYSTEM, Permit(org=county.units["school"], **values))
    yield keeper, "续期"


def school_change(county: County) -> Iterator[Line]:
    """What a school wants changed in its own record."""
    loop = Loop(county)
    unit = county.units["school"]
    school = create(SYSTEM, School(org=unit, name="一小", kind="primary", nature_id="school_nature.public"))
    create(loop.school, SchoolChange(org=unit, school=school, wanted={"pupils": 300}, present={"pupils": 0}))
    yield loop.bureau.user, "move/agree"


CASES: dict[str, Callable[[County], Iterator[Line]]] = {
    case.__name__: case
    for case in (
        hazard, failed_recheck, given, approval, more_time, quick, incident, inspection, special, notice,
        school_task, letter, site_survey, dated, school_change,
    )
}  # fmt: skip


# What puts something on desks, and the case that shows its lines.
SITES = {
    "engines/workflow/performing:renew_todos": hazard,
    "engines/workflow/approving:ask_approvals": approval,
    "engines/tasks/stepping:show_on_desks": inspection,
    "engines/tasks/passing:_tell_issuers": school_task,
    "engines/registry/reminding:follow": dated,
    "engines/registry/reminding:_remind": dated,
    "domains/organisation/issuing:issue_letters": letter,
    "domains/safety/sending:put_on_desks": notice,
    "domains/safety/hazard_messages:remind_inspectors": failed_recheck,
    "domains/safety/hazard_messages:give_to_rectifier": given,
    "domains/safety/special_publishing:_to_contact": special,
    "domains/safety/reporting:_alert": incident,
    "domains/safety/quick_flow:_show_to_handlers": quick,
    "domains/safety/quick_flow:to_taker": quick,
    "domains/safety/following:draft_notice": inspection,
}


def declared() -> set[str]:
    """Kinds of line the declarations of workflows and tasks lead to."""
    found = {f"{model._meta.label_lower}.do" for model in assignments(Assignment)}
    for flow in flows:
        if not flow.code.startswith("sample."):
            found |= duties(flow)
    return found


def assignments(model: type) -> Iterator[type]:
    """Every kind of assignment."""
    for child in model.__subclasses__():
        yield from [child] if not child._meta.abstract and child.__module__.startswith("anlan") else []
        yield from assignments(child)


def duties(flow: Flow) -> set[str]:
    """What stands on desks in each state: the first duty of each group of roles."""
    return {
        step.permission
        for state in flow.states
        for step in {one.by: one for one in reversed(flow.moves_from(state)) if one.duty}.values()
    }


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next case begins anew."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def opened(case: Callable[[County], Iterator[Line]], county: County) -> set[str]:
    """Walk a case line by line as the people concerned; the kinds of its lines."""
    kinds = set()
    for user, action in case(county):
        client, lines = signed_in(user), list(todos_for(user))
        assert lines, f"{case.__name__}: nothing on the desk of {user}"
        desk = client.get("/todos/").content.decode()
        assert desk.count("al-queue__item") == len(lines), "the number is the length of the list"
        line = max(lines, key=lambda one: one.pk)
        assert f'href="{line.url}"' in desk, case.__name__
        page = client.get(line.url, follow=True)
        assert page.status_code == 200, (case.__name__, line.url)
        shown = page.content.decode().split("<main")[1]
        assert action in shown, f"{case.__name__}: {line.title} at {line.url} offers no {action}"
        kinds.add(line.kind)
    return kinds


@pytest.mark.requirement("D11.4")
def test_every_kind_of_line_opens_its_page_with_the_right_action(county: County) -> None:
    here = {site for path in CODE.rglob("*.py") if "demo" not in path.parts for site in opening(path)}
    assert here == set(SITES), "a new kind of line needs its case"
    assert set(SITES.values()) <= set(CASES.values())
    kinds: set[str] = set()
    for case in CASES.values():
        with undone():
            kinds |= opened(case, county)
    assert declared() <= kinds, f"no case for {sorted(declared() - kinds)}"

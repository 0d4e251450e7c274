"""Matters on desks, case by case: whose, and the action their page must offer (D11.4)."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import apps

from anlan.base.school_changes import SchoolChange
from anlan.base.schools import School
from anlan.domains.safety.following import draft_notice
from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.judging import judge
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.pressing import ask_extension
from anlan.domains.safety.quick import QuickHandler, QuickKind, QuickReport
from anlan.domains.safety.reporting import open_rounds, report_incident
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.domains.safety.sending import publish
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.library.api import Receipt, Required, issue
from anlan.engines.library.required import confirm
from anlan.engines.registry.api import Equipment, ledger_of, ledgers
from anlan.engines.registry.renewing import renew
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.accounts.desk import exemption, reopening, returned
from tests.alarms.desk import alarm, peak
from tests.archives.desk import disposal
from tests.base.desk import vacancies
from tests.canteen.desk import daily_check, meal
from tests.conformance.rows import a_row
from tests.custom_forms.conftest import Bureau as Clerk
from tests.duty.desk import duty
from tests.factories import a_tree
from tests.library.conftest import Stacks
from tests.organisation.desk import letter, meeting
from tests.physical.desk import work
from tests.rounds.desk import judging, moral, reporting
from tests.safety.conftest import County
from tests.safety.loops import Loop, signed_in
from tests.safety.patrols import Patrol
from tests.safety.specials import Cast, verdicts
from tests.sample.permits import Permit
from tests.site_security.conftest import Ground
from tests.tasks.desk import later, school_task

Line = tuple[Any, str]


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
    perform(loop.bureau, one, "strike_off")


def failed_recheck(county: County) -> Iterator[Line]:
    """The school's own inspectors watch what failed; the page shows the rounds."""
    loop = Loop(county)
    own = county.person("yan", "inspector", "school")
    one = loop.to_recheck(loop.confirm(loop.hazard()))
    perform(loop.inspector, one, "fail_recheck", {"opinion": "还有两处"})
    yield own, "还有两处"
    perform(loop.inspector, loop.to_recheck(one), "pass_recheck")


def given(county: County) -> Iterator[Line]:
    """The person of the school a hazard was given to."""
    loop = Loop(county)
    handler = county.person("shi", "staff", "school")
    one = loop.confirm(loop.hazard())
    perform(loop.school, one, "assign", {"rectifier": handler})
    yield handler, "move/submit"
    loop.rectify(one)


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
    create(loop.school, QuickHandler(org=unit, kind=secret, user=teacher))


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
        report = SafetyReport.objects.unscoped().get()
        assert (
            signed_in(loop.bureau.user).post(f"{report.get_absolute_url()}act/emergency").status_code == 303
        )


def inspection(county: County) -> Iterator[Line]:
    """A task: taken on, begun, filled in."""
    patrol = Patrol(county)
    task = patrol.task()
    yield patrol.lin.user, "act/take"
    patrol.done(task, q1="fail", q2="pass")
    [finding] = findings_of(task)
    draft_notice(patrol.bureau, finding, {"title": "关于灭火器", "body": "请整改"})
    yield patrol.bureau.user, "act/publish"
    drafted = Notice.objects.unscoped().get()
    assert signed_in(patrol.bureau.user).post(f"{drafted.get_absolute_url()}act/publish").status_code == 303


def special(county: County) -> Iterator[Line]:
    """The head's self-check, the group's and the bureau's judgement."""
    cast = Cast(county)
    cast.assign("school")
    cast.published("school")
    part = cast.part()
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
    perform(cast.bureau, part, "bureau_confirm", {"bureau_summary": "属实"})


def material(county: County) -> Iterator[Line]:
    """What the contact person has to upload for a special check."""
    cast = Cast(county)
    cast.assign("school")
    cast.published("school")
    part = cast.part()
    yield cast.contact.user, "act/upload"
    judge(cast.head, part, "school", verdicts(part, "pass", "pass"))
    perform(cast.head, part, "submit", {"findings": "已自查"})


def notice(county: County) -> Iterator[Line]:
    """A notice at the unit addressed, to be answered."""
    loop = Loop(county)
    said = {"title": "防火", "body": "请排查", "reply_wanted": True}
    row = create(loop.bureau, Notice(org=county.units["county"], **said))
    row.addressees.set([county.units["school"]])
    publish(loop.bureau, row)
    yield loop.school.user, "act/answer"
    copy = NoticeCopy.objects.unscoped().get()
    reply = {"reply": "已办"}
    assert signed_in(loop.school.user).post(f"{copy.get_absolute_url()}act/answer", reply).status_code == 303


def repairs(county: County) -> Iterator[Line]:
    """Every kind of equipment: reported, accepted, mended and sent to be looked at."""
    for model in apps.get_models():
        if not issubclass(model, Equipment) or not model.__module__.startswith("anlan."):
            continue
        keeper = county.person(f"keeper-{model._meta.label_lower}", "school_safety", "school")
        head = county.person(f"head-{model._meta.label_lower}", "school_head", "school")
        actor = Actor.person(keeper, "web")
        one: Any = a_row(ledger_of(model), county.units["school"])
        perform(actor, one, "report", {"fault": "不亮"})
        said = {"fault": "换了零件", "cause": "断线", "restored_at": clock.now(), "working_test": "正常"}
        for step, person in (("accept", keeper), ("finish", keeper), ("confirm", head)):
            yield person, f"move/{step}"
            needs = one.flow.moves[step].needs
            perform(Actor.person(person, "web"), one, step, {name: said[name] for name in needs})


def collection(county: County) -> Iterator[Line]:
    """A form drawn in Excel to be filled in."""
    with TemporaryDirectory() as folder:
        clerk = Clerk(Path(folder))
        plan = clerk.issued("S1")
        yield clerk.heads["S1"], "填"
        clerk.hand_in(clerk.task(plan), ["1"] * 6)


def approval(county: County) -> Iterator[Line]:
    """An edition of the process asks the township to approve."""
    loop = Loop(county)
    town = county.person("zhen", "township_officer", "town")
    said = {"days-approve": "9", "extra-approve": "township_officer"}
    assert signed_in(loop.bureau.user).post("/flows/safety.hazards/adjust", said).status_code == 303
    one = loop.rectify(loop.confirm(loop.hazard()))
    yield town, "approve/approve"
    assert (
        signed_in(town).post(f"{one.get_absolute_url()}approve/approve", {"opinion": "同意"}).status_code
        == 303
    )


def more_time(county: County) -> Iterator[Line]:
    """A school asks for a later deadline of a hazard."""
    loop = Loop(county)
    one = loop.confirm(loop.hazard())
    until = clock.now() + timedelta(days=20)
    asked = ask_extension(loop.school, one, {"until": until, "reason": "要采购"})
    yield loop.bureau.user, "move/agree"
    perform(loop.bureau, asked, "agree")


def site_survey(county: County) -> Iterator[Line]:
    """Key places: stated by the school, confirmed by an inspector."""
    ground = Ground(a_tree())
    survey = ground.survey()
    yield ground.officer.user, "kinds/"
    ground.set_all_up(ground.officer, survey)
    ground.fill(ground.officer, survey)
    perform(ground.officer, survey, "submit")
    yield ground.inspector.user, "move/confirm"
    perform(ground.inspector, survey, "confirm")


def dated(county: County) -> Iterator[Line]:
    """A licence that runs out."""
    keeper = county.person("deng", "lamp_keeper", "school")
    said = {"name": "经营许可", "number": "X-1", "holder": "王小明", "issued_on": clock.today()}
    values = said | {"valid_to": clock.today() + timedelta(days=3)}
    permit = create(SYSTEM, Permit(org=county.units["school"], **values))
    yield keeper, "续期"
    longer = {"valid_to": clock.today() + timedelta(days=400)}
    renew(Actor.person(keeper, "web"), ledgers["sample.permits"], permit, longer)


def school_change(county: County) -> Iterator[Line]:
    """What a school wants changed in its own record."""
    loop = Loop(county)
    unit = county.units["school"]
    school = create(SYSTEM, School(org=unit, name="一小", kind="primary", nature_id="school_nature.public"))
    said = {"wanted": {"pupils": 300}, "present": {"pupils": 0}}
    wanted = create(loop.school, SchoolChange(org=unit, school=school, **said))
    yield loop.bureau.user, "move/agree"
    perform(loop.bureau, wanted, "agree")


def reading(county: County) -> Iterator[Line]:
    """A document people have to read."""
    stacks = Stacks(a_tree())
    said = {"document": stacks.document(), "roles": ["school_safety"], "due_on": clock.today()}
    required = create(stacks.bureau, Required(org=stacks.tree.county, **said))
    required.units.set([stacks.tree.school])
    issue(stacks.bureau, required)
    yield stacks.keeper.user, "act/confirm"
    confirm(stacks.keeper, Receipt.objects.unscoped().get(reader=stacks.keeper.user))


CASES: dict[str, Callable[[County], Iterator[Line]]] = {
    case.__name__: case
    for case in (
        hazard, material, later, failed_recheck, given, approval, more_time, quick, incident, inspection, special,
        notice, school_task, letter, meal, meeting, repairs, collection, site_survey, dated, school_change,
        reading, duty, exemption, reopening, returned, alarm, work, daily_check, disposal, peak, judging,
        moral, reporting, vacancies,
    )
}  # fmt: skip

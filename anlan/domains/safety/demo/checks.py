"""Monthly inspection plans of two years with their results; the plan of this month is under way."""

from datetime import datetime, time, timedelta
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.teams import TeamMember
from anlan.domains.safety.gathering import finding_of
from anlan.domains.safety.inspection import PURPOSE, InspectionPlan, InspectionRound, InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.audit.api import create, create_all
from anlan.engines.forms.api import Answer, FormDefinition, FormVersion, Response, ancestor_ids, recompute
from anlan.engines.tasks.api import Stage, months_later, show_on_desks
from anlan.kernel import clock

MONTHS, SCHOOLS = 24, 60
FAILS = 0.06


@demo_step("safety.inspections", "巡查计划与检查结果", order=20)
def load_inspections(world: World) -> None:
    """One plan a month, five schools to each inspector."""
    county = world.units["county"]
    mode = InspectionMode.objects.unscoped().get(org=county, title="日常巡查")
    forms = list(
        FormDefinition.objects.unscoped().filter(org=county, state="in_use").exclude(code="site_requirements")
    )
    for back in range(MONTHS - 1, -1, -1):
        _month(world, mode, forms[back % len(forms)], back)
    recompute()


def _month(world: World, mode: InspectionMode, form: FormDefinition, back: int) -> None:
    first = months_later(world.today.replace(day=1), -back)
    last = first + timedelta(days=27)
    state = InspectionPlan.State.ENDED if back else InspectionPlan.State.ACTIVE
    plan = create(LOADER, InspectionPlan(
        org=world.units["county"], title=f"{first:%Y 年 %-m 月}{form.subject}巡查", mode=mode, form=form,
        starts_on=first, ends_on=last, deadline_days=27, state=state,
    ))  # fmt: skip
    people = [world.accounts[f"inspector{number}"] for number in range(1, 13)]
    linked = inspectors_by_school()
    chosen = world.rng.sample([school for school in world.schools if school.org_id in linked], SCHOOLS)
    plan.inspectors.set(people)
    plan.schools.set([school.org for school in chosen])
    due = datetime.combine(last, time(17), clock.zone())
    round_ = create(LOADER, InspectionRound(org=plan.org, plan=plan, number=1, opens_on=first, due_at=due))
    version = form.version_in_use
    if version is None:
        return
    tasks = [_task(world, round_, school.org, linked[school.org_id]) for school in chosen]
    for task in tasks:
        task.form_version = version
    _results(world, version, tasks)
    create_all(LOADER, tasks, action="load")
    _findings(tasks)
    for task in tasks:
        if task.open and due > clock.now():
            show_on_desks(task)


def inspectors_by_school() -> dict[int, Any]:
    """One linked inspector of the safety team for each school."""
    found: dict[int, Any] = {}
    for member in TeamMember.objects.unscoped().filter(may_check=True).select_related("person__account"):
        for school in member.schools.all():
            found.setdefault(school.org_id, member.person.account)
    return found


def _task(world: World, round_: Any, unit: Any, person: Any) -> InspectionTask:
    past = round_.due_at < clock.now()
    rng, due = world.rng, round_.due_at
    task = InspectionTask(org=unit, round=round_, assignee=person, due_at=due)
    task.created_at = datetime.combine(round_.opens_on, time(8), clock.zone())
    if rng.random() < (0.97 if past else 0.45):
        done = task.created_at + timedelta(days=rng.uniform(1, 30 if past else 12))
        done = min(done, clock.now())
        task.state, task.submitted_at, task.submitted_by, task.late = (
            Stage.COMPLETED,
            done,
            person,
            done > due,
        )
        task.accepted_at = task.started_at = done - timedelta(hours=2)
    return task


def _results(world: World, version: FormVersion, tasks: list[InspectionTask]) -> None:
    questions = list(version.form().questions())
    done = [task for task in tasks if task.state == Stage.COMPLETED]
    drawn = {id(task): ["fail" if world.rng.random() < FAILS else "pass" for _ in questions] for task in done}
    responses = [_response(version, task, drawn[id(task)]) for task in done]
    stored = create_all(LOADER, responses, action="load")
    answers = []
    for task, response in zip(done, stored, strict=True):
        task.response = response
        levels, at = ancestor_ids(task.org), task.submitted_at or clock.now()
        day = at.astimezone(clock.zone()).date()
        for question, verdict in zip(questions, drawn[id(task)], strict=True):
            note = question.phrases[0] if verdict == "fail" and question.phrases else ""
            answers.append(Answer(
                response=response, question=question.uid, at=at, value=verdict, verdict=verdict,
                note=note, org_id=task.org_id, day=day, **levels,
            ))  # fmt: skip
    Answer.objects.bulk_create(answers, batch_size=1000)


def _findings(tasks: list[InspectionTask]) -> None:
    """Every failed answer as a finding; none of them became a hazard of its own."""
    by_response = {task.response_id: task for task in tasks if task.response_id}
    rows = Answer.objects.filter(response__in=by_response, verdict="fail").select_related(
        "response__form_version"
    )
    create_all(LOADER, [finding_of(by_response[row.response_id], row) for row in rows], action="load")


def _response(version: FormVersion, task: InspectionTask, verdicts: list[str]) -> Response:
    begun = task.started_at or clock.now()
    return Response(
        org=task.org, form_version=version, purpose=PURPOSE, respondent=task.assignee, state="submitted",
        started_at=begun, submitted_at=task.submitted_at, created_at=begun,
        passed=verdicts.count("pass"), failed=verdicts.count("fail"),
    )  # fmt: skip

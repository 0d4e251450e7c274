"""What a phone takes along: own open tasks, hazards to rectify, self-checks, kinds of quick report (D11.9)."""

from typing import Any

from django.db.models import Q

from anlan.base.errands import errands
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.quick import QuickKind
from anlan.domains.safety.special import SpecialPart
from anlan.domains.safety.special_results import VERDICTS
from anlan.engines.forms.api import facts_of
from anlan.engines.org.api import Kind, OrgUnit, may, scope
from anlan.engines.tasks.api import Stage
from anlan.kernel import clock
from anlan.shell.deadlines import moment_words

MOST = 100
TASKS, HAZARDS, PARTS = "safety.inspections.view", "safety.hazards.view", "safety.special_parts.view"


def taken_along(user: Any) -> dict[str, Any]:
    """Everything for work without a network, as far as the person may do it."""
    return {
        "tasks": [_task(one) for one in own_tasks(user)] if may(user, TASKS) else [],
        "hazards": _hazards(user),
        "parts": _parts(user),
        "quick": _quick(user),
        "brought": {one.code: one.bring(user) for one in errands if one.bring},
    }


def own_tasks(user: Any) -> Any:
    """The person's own open tasks."""
    rows = InspectionTask.objects.visible(user, TASKS).filter(assignee=user)
    rows = rows.filter(state__in=(Stage.PENDING, Stage.DOING), archived_at=None)
    return rows.select_related("org", "round__plan__mode", "response", "form_version__definition")


def _task(task: InspectionTask) -> dict[str, Any]:
    version, plan = task.form_version, task.round.plan
    return {
        "id": str(task.pk),
        "title": plan.title,
        "note": plan.note,
        "school": task.org.name,
        "due": _day(task.due_at),
        "due_at": task.due_at.isoformat(),
        "late": task.overdue,
        "state": task.state,
        "returned": task.return_reason if task.returned else "",
        "version": str(task.form_version_id),
        "newer": version is not None and version.number != version.definition.current,
        "response": str(task.response.uid) if task.response else "",
        "photos": plan.mode.photos,
        "located": plan.mode.needs_location,
        "signed": plan.mode.needs_signature,
        "facts": facts_of(task.org),
    }


def _day(moment: Any) -> str:
    return f"{moment.astimezone(clock.zone()):%m-%d %H:%M}"


def _hazards(user: Any) -> list[dict[str, Any]]:
    submit, settle = scope(user, "safety.hazards.submit"), scope(user, "safety.hazards.settle")
    if not (submit or settle) or not may(user, HAZARDS):
        return []
    rows = Hazard.objects.visible(user, HAZARDS).filter(
        state__in=("assigned", "fixing", "returned"), archived_at=None
    )
    rows = rows.filter(submit.condition() | settle.condition()).select_related("org")
    return [_hazard(one) for one in rows.order_by("due_at")[:MOST]]


def _hazard(hazard: Hazard) -> dict[str, Any]:
    return {
        "id": str(hazard.pk),
        "title": hazard.title,
        "number": hazard.number,
        "school": hazard.org.name,
        "place": hazard.place,
        "detail": hazard.detail,
        "state": hazard.state_shown.title,
        "tone": hazard.state_shown.tone,
        "due": moment_words(hazard.due_at) if hazard.due_at else "",
        "opinion": hazard.opinion if hazard.state == "returned" else "",
        "version": hazard.version,
        "reported_up": hazard.reported_up,
    }


def _parts(user: Any) -> list[dict[str, Any]]:
    found = scope(user, "safety.special_parts.judge_school")
    if not found or not may(user, PARTS):
        return []
    rows = SpecialPart.objects.visible(user, PARTS).filter(
        found.condition(), state__in=("waiting", "returned")
    )
    rows = rows.select_related("org", "check_of").prefetch_related("results__item")
    return [_part(one) for one in rows[:MOST]]


def _part(part: SpecialPart) -> dict[str, Any]:
    return {
        "id": str(part.pk),
        "title": part.check_of.title,
        "school": part.org.name,
        "due": moment_words(part.due_at) if part.due_at else "",
        "opinion": part.opinion if part.state == "returned" else "",
        "requirements": part.check_of.requirements,
        "version": part.version,
        "choices": [{"code": code, "label": label} for code, label in VERDICTS],
        "items": [
            {"id": row.item_id, "wording": row.item.wording, "standard": row.item.standard,
             "verdict": row.school_verdict, "text": row.school_text}
            for row in part.results.all()
        ],
    }  # fmt: skip


def _quick(user: Any) -> dict[str, Any] | None:
    found = scope(user, "safety.quick.add")
    if not found:
        return None
    units = OrgUnit.objects.filter(_under(found), kind=Kind.SCHOOL, closed_on=None)[:MOST]
    codes = {code for unit in units for code in unit.ancestor_codes()}
    kinds = QuickKind.unguarded.filter(org__code__in=codes, retired=False, archived_at=None)
    return {
        "units": [{"id": unit.pk, "name": unit.name} for unit in units],
        "kinds": [{"id": kind.pk, "title": kind.title} for kind in kinds],
    }


def _under(found: Any) -> Any:
    condition = Q(pk__in=[])
    for path in found.paths + found.own_paths:
        condition |= Q(path__startswith=path)
    return condition

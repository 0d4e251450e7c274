"""How the records of campus safety hang together, from the plan to the archived hazard (X.2)."""

from typing import Any

from django.apps import apps
from django.db.models import Q

from anlan.domains.safety.findings import Finding
from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.inspection import InspectionPlan, InspectionTask
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.pressing import Extension
from anlan.domains.safety.quick import QuickReport
from anlan.domains.safety.quick_flow import QuickFlow
from anlan.domains.safety.special import SpecialCheck, SpecialPart
from anlan.domains.safety.special_flow import SpecialPartFlow
from anlan.engines.org.api import Record
from anlan.engines.tasks.api import Stage
from anlan.engines.workflow.api import chain


def _rows(model: type[Record], **lookup: Any) -> Any:
    return model.objects.unscoped().filter(**lookup)


def _open(flow: type[Any]) -> Q:
    return ~Q(state__in=flow.final.split())


def origin_of(hazard: Hazard) -> list[Record]:
    """The record a hazard was found by, from the key of the finding."""
    kind, _, rest = (hazard.source_key or "").partition(":")
    if kind == "finding":
        return list(_rows(Finding, hazard=hazard))
    if kind == "special":
        return list(_rows(SpecialPart, results__hazard=hazard))
    if kind == "quick":
        return list(_rows(QuickReport, hazard=hazard))
    return list(_rows(apps.get_model(kind), pk=rest.partition(":")[0])) if "." in kind else []


chain(InspectionPlan, after=lambda plan: _rows(InspectionTask, round__plan=plan).order_by("pk"))
chain(
    InspectionTask,
    before=lambda task: [task.round.plan],
    after=lambda task: task.findings.order_by("pk"),
    awaiting=Q(state__in=(Stage.PENDING, Stage.DOING)),
)
chain(
    Finding,
    before=lambda found: [found.task],
    after=lambda found: [one for one in (found.hazard, found.incident, found.notice) if one is not None],
)
chain(Incident, before=lambda incident: _rows(Finding, incident=incident))
chain(
    Hazard,
    before=origin_of,
    after=lambda hazard: hazard.extensions.order_by("pk"),
    awaiting=_open(HazardFlow),
)
chain(Extension, before=lambda asked: [asked.hazard])
chain(
    QuickReport,
    before=lambda report: _rows(QuickReport, joined=report).order_by("pk"),
    after=lambda report: [one for one in (report.joined, report.hazard) if one is not None],
    awaiting=_open(QuickFlow),
)
chain(SpecialCheck, after=lambda check: _rows(SpecialPart, check_of=check).order_by("pk"))
chain(
    SpecialPart,
    before=lambda part: [part.check_of],
    after=lambda part: _rows(Hazard, special_result__part=part).order_by("pk"),
    awaiting=_open(SpecialPartFlow),
)
chain(Notice, after=lambda notice: _rows(NoticeCopy, notice=notice).order_by("org__path"))
chain(
    NoticeCopy,
    before=lambda copy: [copy.notice],
    awaiting=Q(notice__state="published") & Q(notice__reply_wanted=True, replied_at=None),
)

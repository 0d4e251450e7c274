"""Pages of sums: the summed sheet, the schools behind a number, one school's earlier versions (D12.8)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anlan.domains.custom_forms.exporting import start_export
from anlan.domains.custom_forms.plan_registers import standings_of
from anlan.domains.custom_forms.plans import VIEW, Collection, CollectionPlan, CollectionRound
from anlan.domains.custom_forms.summing import gathered
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import Question, draw, words
from anlan.engines.org.api import require
from anlan.engines.tasks.api import Report, traces
from anlan.kernel.errors import Forbidden, Missing
from anlan.shell.listing import list_page, whole_number
from anlan.shell.parts import Action, Crumb, View
from anlan.shell.responses import see_other
from anlan.shell.rows import Column

PLANS, EXPORT = "custom_forms.plans.view", "custom_forms.plans.export"


def _plan(request: HttpRequest, pk: int, right: str = PLANS) -> CollectionPlan:
    """The plan for somebody whose right covers the whole of it; Missing outside the scope."""
    rows = CollectionPlan.objects.visible(request.user, PLANS).filter(archived_at=None)
    plan: CollectionPlan = rows.select_related("org", "form_version").one(pk=pk)
    if not require(request.user, right).covers(plan.org.path):
        raise Forbidden(right)
    return plan


def _round(request: HttpRequest, plan: CollectionPlan) -> CollectionRound:
    """The round asked for, the last one by default; Missing where there is none."""
    number = whole_number(request.GET.get("round") or request.POST.get("round"), 0)
    rows = plan.rounds.order_by("-number")
    found = rows.filter(number=number).first() if number else rows.first()
    if found is None:
        raise Missing
    return found


@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The sums of a round, in the layout of the form or question by question; every number opens its schools."""
    plan = _plan(request, pk)
    round_ = _round(request, plan)
    gathering = gathered(round_)
    sums, layout = gathering.totals(), gathering.version.plan()
    url = plan.get_absolute_url()
    links = {uid: f"{url}cells/{uid}/?round={round_.number}" for uid, total in sums.items() if total.units}
    asked = gathering.version.form().questions()
    context = {
        "title": f"{plan}：汇总",
        "lede": _lede(round_),
        "crumbs": [Crumb("填报安排", "/custom-forms/plans/"), Crumb(str(plan), url), Crumb("汇总")],
        "views": _views(plan, round_),
        "round": round_,
        "standings": standings_of(round_),
        "grid": draw(layout, {}, said={uid: total.text for uid, total in sums.items()}, links=links)
        if layout
        else None,
        "rows": [
            (question, sums[question.uid], links.get(question.uid, ""))
            for question in asked
            if question.uid in sums
        ],
        "actions": _actions(request, plan, round_),
    }
    return render(request, "custom_forms/summary.html", context)


def _lede(round_: CollectionRound) -> str:
    numbers = {title: number for title, number, _ in standings_of(round_)}
    late = f"，逾期未交 {numbers['逾期未交']} 所" if numbers.get("逾期未交") else ""
    return f"应填 {numbers['应填']} 所学校，已提交 {numbers['已提交']} 所{late}；只汇总已提交的"


def _views(plan: CollectionPlan, here: CollectionRound) -> list[View]:
    rounds = list(plan.rounds.order_by("-number")[:12])
    url = f"{plan.get_absolute_url()}summary/"
    if len(rounds) < 2:
        return []
    return [View(str(one), f"{url}?round={one.number}", current=one == here) for one in rounds]


def _actions(request: HttpRequest, plan: CollectionPlan, round_: CollectionRound) -> list[Action]:
    if not require(request.user, PLANS) or not _holds(request, plan):
        return []
    post = f"{plan.get_absolute_url()}summary/export/"
    ask, effect = f"导出“{plan}”", "汇总表、明细表和每所学校一张表，都按原表样；在后台进行，做好后通知您"
    return [Action("导出全部", kind="primary", icon="download", post=post, confirm=ask, effect=effect,
                   name="round", value=str(round_.number))]  # fmt: skip


def _holds(request: HttpRequest, plan: CollectionPlan) -> bool:
    try:
        return require(request.user, EXPORT).covers(plan.org.path)
    except Forbidden:
        return False


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the export of a round."""
    plan = _plan(request, pk, EXPORT)
    start_export(Actor.of(request), plan, _round(request, plan))
    return see_other(request, "/jobs/")


@dataclass(frozen=True)
class Behind:
    """A school behind a number."""

    task: Collection
    said: str

    @property
    def pk(self) -> int:
        """Of its task."""
        return self.task.pk

    @property
    def org(self) -> Any:
        """The school."""
        return self.task.org


COLUMNS = (
    Column("org", "学校", "title"),
    Column("said", "填报的内容", on_phone="block"),
    Column("submitted_at", "提交时间", "moment", value=lambda row: row.task.submitted_at, on_phone="inline"),
    Column("stand", "状态", "chip", value=lambda row: row.task.standing, on_phone="end"),
)


@require_safe
def cell(request: HttpRequest, pk: int, uid: str) -> HttpResponse:
    """The schools behind one summed number, with what each of them said."""
    plan = _plan(request, pk)
    round_ = _round(request, plan)
    gathering = gathered(round_, uid)
    question = gathering.version.form().by_uid().get(uid)
    if question is None:
        raise Missing
    rows = _behind(
        gathering.tasks, {task.pk: gathering.said(task).get(uid) for task in gathering.tasks}, question
    )
    url = plan.get_absolute_url()
    return list_page(
        request,
        question.text,
        rows,
        COLUMNS,
        link=lambda row: row.task.get_absolute_url(),
        lede=f"{len(rows)} 所学校填了这一项",
        crumbs=[
            Crumb(str(plan), url),
            Crumb("汇总", f"{url}summary/?round={round_.number}"),
            Crumb(question.text),
        ],
        empty={"title": "没有学校填这一项", "text": "只列已提交的学校"},
    )


def _behind(tasks: list[Collection], said: dict[int, Any], question: Question) -> list[Behind]:
    return [Behind(task, words(question, said[task.pk])) for task in tasks if said[task.pk] is not None]


@require_safe
def report(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a school handed in the first, second … time, as it was then."""
    rows = Collection.objects.visible(request.user, VIEW).select_related("round__plan__form_version", "org")
    task: Collection = rows.one(pk=pk)
    found = traces(Report, task).filter(number=number).first()
    version = task.plan.form_version
    if found is None or version is None:
        raise Missing
    said, asked = found.values.get("answers", {}), version.form().by_uid()
    texts = {uid: words(asked[uid], value) for uid, value in said.items() if uid in asked}
    layout = version.plan()
    context = {
        "title": f"{task}：第 {number} 次提交",
        "lede": f"{task.org}，{found.by or '系统'}提交",
        "crumbs": [
            Crumb("填报任务", "/custom-forms/tasks/"),
            Crumb(str(task), task.get_absolute_url()),
            Crumb(f"第 {number} 次提交"),
        ],
        "grid": draw(layout, {}, said=texts) if layout else None,
        "rows": [(question, texts.get(uid, "未填")) for uid, question in asked.items()],
    }
    return render(request, "custom_forms/report.html", context)

"""All sheets of a round as one workbook, by a job: summed, row by row, and one sheet a school in the same layout."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.custom_forms.plans import Collection, CollectionPlan, CollectionRound
from anlan.domains.custom_forms.summing import Gathered, gathered
from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import aside, room
from anlan.engines.forms.api import (
    Layout,
    Look,
    Page,
    Spot,
    address,
    filled_page,
    summed_page,
    write_pages,
    written,
)
from anlan.engines.org.api import require
from anlan.engines.output.api import keep_export
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing

EXPORT = "custom_forms.plans.export"
LOOKS = (Look(), Look(bold=True, wrap=True, fill="#EDF1F1", bottom="thin", vertical="center"))
HEAD = 1


def start_export(actor: Actor, plan: CollectionPlan, round_: CollectionRound | None = None) -> Job:
    """Queue the export of a round, the last one by default. Conflict where nothing was handed in."""
    chosen = round_ or plan.rounds.order_by("-number").first()
    if chosen is None or not Collection.unguarded.filter(round=chosen, state="completed").exists():
        raise Conflict("还没有学校提交")
    return enqueue(actor, export_round, title=f"导出汇总：{plan}", pk=chosen.pk)


@background("导出填报汇总")
def export_round(job: Job, pk: int) -> dict[str, Any]:
    """The workbook of a round, kept for its person; rights are asked again, as time has passed."""
    found = require(job.user, EXPORT)
    chosen = CollectionRound.objects.unscoped().select_related("plan__org", "plan__form_version").one(pk=pk)
    if not found.covers(chosen.plan.org.path):
        raise Missing
    gathering = gathered(chosen)
    with aside() as path, room():
        write_pages(path, _pages(gathering, job))
        content = path.read_bytes()
    actor = Actor.person(job.user)
    log(actor, "export", chosen.plan, after={"rows": len(gathering.tasks), "round": chosen.number})
    kept = keep_export(job.user, f"{chosen.plan}-汇总.xlsx", content, len(gathering.tasks), job)
    return {"url": kept.url, "text": f"{kept.name}，{len(gathering.tasks)} 所学校；24 小时内可以下载"}


def _pages(gathering: Gathered, job: Job) -> Iterator[Page]:
    form, layout = gathering.version.form(), gathering.version.plan()
    total = len(gathering.tasks)
    if layout is not None:
        yield summed_page("汇总", form, layout, gathering.totals())
        yield detail_page(gathering)
        for number, task in enumerate(gathering.tasks):
            progress(job, number, total)
            yield filled_page(task.org.name, form, layout, gathering.said(task))
    else:
        yield detail_page(gathering)
    progress(job, total, total)


def detail_page(gathering: Gathered) -> Page:
    """One row a school, one column a question."""
    asked = list(gathering.version.form().questions())
    heads = ["学校", "提交时间", *(question.text for question in asked)]
    spots = [Spot(address(0, column), HEAD, text) for column, text in enumerate(heads)]
    values: dict[str, Any] = {}
    for row, task in enumerate(gathering.tasks, 1):
        said = gathering.said(task)
        moment = f"{task.submitted_at.astimezone(clock.zone()):%Y-%m-%d %H:%M}" if task.submitted_at else ""
        cells = [task.org.name, moment, *(written(question, said.get(question.uid)) for question in asked)]
        values |= {address(row, column): value for column, value in enumerate(cells)}
    widths = ("22", "17", *("14" for _ in asked))
    layout = Layout("明细", widths, ("30", *("15" for _ in gathering.tasks)), looks=LOOKS, spots=tuple(spots))
    return Page("明细", layout, values)

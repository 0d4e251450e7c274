"""The results of a round as one Excel file per participant, in one package (KG.17)."""

from pathlib import Path
from typing import Any

from anlan.engines.audit.api import Actor, log
from anlan.engines.exchange.api import write_sheet
from anlan.engines.files.api import aside, room
from anlan.engines.output.api import Package, keep_export_at, safe_name
from anlan.engines.registry.api import ledgers, one
from anlan.engines.rounds.processes import process_named, process_of
from anlan.engines.rounds.round_records import RECKONED
from anlan.engines.rounds.shown import judged_lines
from anlan.engines.rounds.verdicts import standing_verdicts
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel.errors import Conflict

MOST = 200 * 1024 * 1024
HEADS = ("指标编号", "指标", "标准分", "自评", "汇总", "最后得分", "复核原因", "各评委评分", "汇总意见")


def start_packing(actor: Actor, round_: Any) -> Job:
    """Queue the package; its person fetches it from the message."""
    title = f"打包下载结果：{round_}"
    return enqueue(actor, pack_results, title=title, process=process_of(round_).code, pk=round_.pk)


@background("打包下载结果")
def pack_results(job: Job, process: str, pk: int) -> dict[str, Any]:
    """One file per participant; rights are asked again, as time has passed."""
    round_ = one(ledgers[process_named(process).right("rounds")], job.user, pk, "export")
    if round_.state not in RECKONED:
        raise Conflict("汇总以后才能下载结果")
    verdicts = list(standing_verdicts(round_).select_related("entry", "round").order_by("rank", "org__path"))
    with aside() as path, room():
        with Package(path, MOST) as package:
            for done, verdict in enumerate(verdicts, 1):
                with aside() as sheet:
                    write_result(sheet, verdict)
                    package.add_file(package.name_for(f"{verdict.org}.xlsx"), sheet)
                progress(job, done, len(verdicts))
        kept = keep_export_at(job.user, f"{safe_name(str(round_))}.zip", path, len(verdicts), job)
    log(Actor.person(job.user), "export", round_, after={"format": "zip", "rows": len(verdicts)})
    return {"url": kept.url, "text": f"{kept.name}；24 小时内可以下载"}


def write_result(path: Path, verdict: Any) -> int:
    """The result of one participant: every indicator with each judge's score and words."""
    rows = [_row(line) for line in judged_lines(verdict) if line.leaf]
    total = ["", "合计", verdict.round.indicators.standard(), verdict.own, verdict.aggregated, verdict.total]
    note = [
        ("参评单位", str(verdict.org)),
        ("评估任务", str(verdict.round)),
        ("名次", str(verdict.rank or "未定")),
    ]
    return write_sheet(path, HEADS, [*rows, total], name="评估结果", note=note)


def _row(line: Any) -> list[Any]:
    said = line.said or {}
    marks = "\n".join(
        f"{mark['judge']}：{mark['score']}" + "".join(f"；{title}：{words}" for title, words in mark["words"])
        for mark in said.get("marks", ())
    )
    summed = "\n".join(f"{title}：{words}" for title, words in said.get("summed", ()))
    scores = [said.get(name) and float(said[name]) for name in ("own", "aggregated", "final")]
    return [line.code, line.title, line.standard, *scores, said.get("reason", ""), marks, summed]

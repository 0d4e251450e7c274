"""The flows of a round and of its entries, made for each process."""

from typing import Any

from anlan.engines.rounds.entries import refuse_open_items
from anlan.engines.rounds.handing_out import begun
from anlan.engines.rounds.panels import faults_of_panels
from anlan.engines.rounds.processes import Process
from anlan.engines.rounds.verdicts import refuse_outstanding
from anlan.engines.workflow.api import Workflow, back, doing, done, idle, move, review, todo

JUDGED = ("aggregating", "aggregated", "published", "closed")


def _unscored(round_: Any, user: Any) -> str | None:
    return "已有评委评分，不能撤回" if begun(round_) else None


def _panels_complete(round_: Any, user: Any) -> str | None:
    return faults_of_panels(round_)


def _by_the_system(round_: Any, user: Any) -> str | None:
    return "汇总由系统完成"


def _round_running(entry: Any, user: Any) -> str | None:
    return "评分已经结束" if entry.round.state in JUDGED else None


def _not_judged(entry: Any, user: Any) -> str | None:
    if why := _round_running(entry, user):
        return why
    scored = entry.sheets.filter(archived_at=None).exclude(scores={})
    return "已有评委评分，不能退回" if scored.exists() else None


def make_round_flow(process: Process) -> None:
    """Draft, self-evaluation, scoring, aggregation, review, publication."""
    by = process.runs
    said = {
        "code": process.right("rounds"),
        "title": f"{process.title}任务",
        "model": process.table("Round"),
        "states": {
            "draft": idle("草稿"),
            "open": doing("自评中"),
            "scoring": doing("评分中"),
            "aggregating": doing("汇总中"),
            "aggregated": review("待复核公布", "复核"),
            "published": done("已公布"),
            "closed": done("已结束"),
        },
        "initial": "draft",
        "final": "closed",
        "publish": move("发布", "draft", "open", by=by, duty=False),
        "begin_scoring": move(
            "开始评分", "open", "scoring", by=by, guard=_panels_complete, duty=False
        ),
        "withdraw": move(
            "撤回", "open scoring", "draft", by=by, guard=_unscored, duty=False, outlined=True
        ),
        "aggregate": move(
            "汇总评分", "scoring", "aggregating", by=by, guard=lambda row, _: refuse_outstanding(row), duty=False
        ),
        "resume": move("中止汇总", "aggregating", "scoring", by=by, duty=False, outlined=True),
        "settle": move("完成汇总", "aggregating", "aggregated", by=by, guard=_by_the_system, duty=False),
        "announce": move("公布结果", "aggregated", "published", by=by),
        "close": move("结束", "published", "closed", by=by, duty=False),
    }  # fmt: skip
    type("RoundFlow", (Workflow,), said)


def make_entry_flow(process: Process) -> None:
    """Filled in, looked at by the department, returned or passed."""
    said = {
        "code": process.right("entries"),
        "title": f"{process.title}自评",
        "model": process.table("Entry"),
        "states": {
            "open": todo("自评中"),
            "submitted": review("待审核"),
            "returned": back("退回补充"),
            "passed": done("审核通过"),
        },
        "initial": "open",
        "final": "passed",
        "submit": move(
            "提交自评", "open returned", "submitted", by=process.takes_part,
            guard=_round_running, effect=refuse_open_items,
        ),
        "accept": move("通过", "submitted", "passed", by=process.runs, guard=_round_running),
        "send_back": move(
            "退回", "submitted passed", "returned", by=process.runs, needs="opinion",
            guard=_not_judged, duty=False, outlined=True,
        ),
    }  # fmt: skip
    type("EntryFlow", (Workflow,), said)

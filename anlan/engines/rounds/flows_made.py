"""The flows of a round, its entries and its reports, made for each process."""

from typing import Any

from anlan.engines.rounds.entries import refuse_open_items
from anlan.engines.rounds.handing_out import begun
from anlan.engines.rounds.panels import faults_of_panels
from anlan.engines.rounds.processes import Process
from anlan.engines.rounds.reports import BEING_WRITTEN, unclosed, why_not_submitted
from anlan.engines.rounds.shown import FORM
from anlan.engines.rounds.verdicts import not_summed, why_not_aggregated
from anlan.engines.workflow.api import Workflow, back, doing, done, idle, move, review, todo
from anlan.kernel.errors import Rejected

JUDGED = ("aggregating", "aggregated", "confirmed", "published", "closed")


def _unscored(round_: Any, user: Any) -> str | None:
    return "已有评委评分，不能撤回" if begun(round_) else None


def _panels_complete(round_: Any, user: Any) -> str | None:
    return faults_of_panels(round_)


def _by_the_system(round_: Any, user: Any) -> str | None:
    return "由系统完成"


def _all_summed(round_: Any, user: Any) -> str | None:
    return not_summed(round_)


def _round_running(entry: Any, user: Any) -> str | None:
    return "评分已经结束" if entry.round.state in JUDGED else None


def _not_judged(entry: Any, user: Any) -> str | None:
    """After the aggregation it may go back, and what was built on it is taken back (MOR.09)."""
    if entry.round.state == "aggregated":
        return None
    if why := _round_running(entry, user):
        return why
    scored = entry.sheets.filter(archived_at=None).exclude(scores={})
    return "已有评委评分，不能退回" if scored.exists() else None


def _reported(round_: Any, user: Any) -> str | None:
    number = unclosed(round_)
    return f"还有 {number} 份报告没有办结" if number else None


def make_round_flow(process: Process) -> None:
    """Draft, self-evaluation, scoring, aggregation, review, publication."""
    by, lead = process.runs, process.decides
    said = {
        "code": process.right("rounds"),
        "title": f"{process.title}任务",
        "model": process.table("Round"),
        "states": {
            "draft": idle("草稿"),
            "open": doing("自评中"),
            "scoring": doing("评分中"),
            "aggregating": doing("汇总中"),
            "aggregated": review("待复核", "复核"),
            "confirmed": review("待公布"),
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
            "汇总评分", "scoring", "aggregating", by=lead, guard=lambda row, _: why_not_aggregated(row), duty=False
        ),
        "resume": move("中止汇总", "aggregating", "scoring", by=lead, duty=False, outlined=True),
        "settle": move("完成汇总", "aggregating", "aggregated", by=lead, guard=_by_the_system, duty=False),
        "reopen": move("重新评分", "aggregated", "scoring", by=lead, guard=_by_the_system, duty=False),
        "confirm": move("确认复核", "aggregated", "confirmed", by=lead, guard=_all_summed),
        "announce": move("公布结果", "confirmed", "published", by=by),
        "close": move("结束", "published", "closed", by=by, duty=False, guard=_reported),
    }  # fmt: skip
    type("RoundFlow", (Workflow,), said)


def _no_writer(report: Any, user: Any) -> str | None:
    return None if user.pk == report.writer_id else "只有指定的编写人可以提交报告"


def _not_being_written(problem: Any, user: Any) -> str | None:
    mine = problem.report.state in BEING_WRITTEN and problem.report.writer_id == user.pk
    return None if mine else "报告不在您手里编写"


def _complete(report: Any, actor: Any) -> dict[str, Any]:
    if faults := why_not_submitted(report):
        raise Rejected(faults)
    return {}


def make_report_flow(process: Process) -> None:
    """Written, looked at by the lead, sent, closed with its last problem."""
    lead = process.decides
    said = {
        "code": process.right("reports"),
        "title": f"{process.title}报告",
        "model": process.table("Report"),
        "states": {
            "writing": todo("编写中"),
            "submitted": review("待确认"),
            "returned": back("退回修改"),
            "confirmed": doing("整改中"),
            "closed": done("已办结"),
        },
        "initial": "writing",
        "final": "closed",
        "submit": move(
            "提交报告", "writing returned", "submitted", by=process.writers, guard=_no_writer,
            effect=_complete, desk=lambda report: [report.writer],
        ),
        "confirm": move("确认报告", "submitted", "confirmed", by=lead),
        "send_back": move("退回", "submitted", "returned", by=lead, needs="opinion", duty=False, outlined=True),
        "close": move("办结", "confirmed", "closed", by=lead, guard=_by_the_system, duty=False),
    }  # fmt: skip
    type("ReportFlow", (Workflow,), said)


def make_problem_flow(process: Process) -> None:
    """Sent with the report, put right by the participant, confirmed one by one."""
    lead = process.decides
    said = {
        "code": process.right("problems"),
        "title": f"{process.title}整改",
        "model": process.table("Problem"),
        "states": {
            "drafted": idle("随报告编写"),
            "open": todo("待整改"),
            "answered": review("待确认"),
            "returned": back("退回整改"),
            "confirmed": done("已确认"),
            "dropped": idle("不列入"),
        },
        "initial": "drafted",
        "final": "confirmed dropped",
        "files": "after",
        "issue": move("发出", "drafted", "open", by=lead, guard=_by_the_system, duty=False),
        "drop": move(
            "不列入", "drafted", "dropped", by=process.writers, guard=_not_being_written, duty=False, outlined=True
        ),
        "answer": move("反馈整改", "open returned", "answered", by=process.takes_part, needs="answer after"),
        "accept": move("确认整改", "answered", "confirmed", by=lead),
        "send_back": move("退回", "answered", "returned", by=lead, needs="opinion", duty=False, outlined=True),
    }  # fmt: skip
    type("ProblemFlow", (Workflow,), said)


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
        "files": FORM,
        "submit": move(
            "提交自评", "open returned", "submitted", by=process.takes_part,
            takes=FORM, guard=_round_running, effect=refuse_open_items,
        ),
        "accept": move("通过", "submitted", "passed", by=process.runs, guard=_round_running),
        "send_back": move(
            "退回", "submitted passed", "returned", by=process.runs, needs="opinion",
            guard=_not_judged, duty=False, outlined=True,
        ),
    }  # fmt: skip
    type("EntryFlow", (Workflow,), said)

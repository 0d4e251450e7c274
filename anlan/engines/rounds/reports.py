"""Reports on participants and the problems they name: written, confirmed, put right, confirmed (KG.21-KG.27)."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.audit.api import SYSTEM, Actor, change, create, create_all
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.org.api import below, scope
from anlan.engines.registry.api import ledger_of, unique
from anlan.engines.rounds.assessors import listed
from anlan.engines.rounds.processes import Process, process_of, related
from anlan.engines.rounds.round_records import locked
from anlan.engines.workflow.api import FlowRecord, Moved, edition_at, perform, renew_todos
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

CLOSES_AT = time(18)
BEING_WRITTEN = ("writing", "returned")
SENT = ("confirmed", "closed")
PUT_RIGHT = ("confirmed", "dropped")
REPORTABLE = ("confirmed", "published")
declare_event(
    "rounds.report_wanted", "task", "请编写评估报告：{record}", "{title}的汇总结果已确认，请编写报告。"
)
declare_event(
    "rounds.report_sent", "task", "评估报告：{record}", "请查看报告，在 {due} 前完成整改并反馈。",
    channels="sms wechat",
)  # fmt: skip


class ReportRecord(FlowRecord):
    """The report on one participant (``org``); ``due_on``: last day for putting its problems right."""

    verdict: Any = related("Verdict", "reports", "评估结果")  # type: ignore[misc]
    round: Any = related("Round", "reports", "评估任务")  # type: ignore[misc]
    writer: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编写人"
    )
    body = models.TextField("报告正文", max_length=20000)
    due_on = models.DateField("整改期限", null=True, blank=True)
    opinion = models.TextField("退回原因", blank=True, max_length=1000)

    class Meta(FlowRecord.Meta):
        abstract = True
        verbose_name = "评估报告"
        ordering = ["-pk"]
        constraints = [unique("%(app_label)s_report_once", "verdict", "已经指定了编写人")]

    def __str__(self) -> str:
        return f"{self.round.title} · {self.org} · 报告"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return _page(self)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Those who decide see all, a writer the own ones, a participant its own once it is confirmed."""
        return rows.filter(_seen_by(process_of(cls), "reports", user))


class ProblemRecord(FlowRecord):
    """One thing a participant has to put right, with its feedback."""

    report: Any = related("Report", "problems", "评估报告")  # type: ignore[misc]
    round: Any = related("Round", "problems", "评估任务")  # type: ignore[misc]
    leaf = models.CharField("指标编号", max_length=12, blank=True)
    text = models.TextField("整改要求", max_length=2000)
    answer = models.TextField("整改情况", blank=True, max_length=2000)
    opinion = models.TextField("退回原因", blank=True, max_length=1000)

    class Meta(FlowRecord.Meta):
        abstract = True
        verbose_name = "整改问题"
        ordering = ["-report", "pk"]

    def __str__(self) -> str:
        return f"{self.leaf} {self.text}".strip()[:60]

    def get_absolute_url(self) -> str:
        """The problem's page."""
        return _page(self)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """As the report it belongs to."""
        return rows.filter(_seen_by(process_of(cls), "problems", user))


def _page(record: Any) -> str:
    ledger = ledger_of(type(record))
    return ledger.url_of(record) if ledger else ""


def _seen_by(process: Process, table: str, user: Any) -> Q:
    above, stem = scope(user, process.right(f"{table}.export")), "" if table == "reports" else "report__"
    own = scope(user, process.right("entries.fill"))
    return (
        below(above.paths, "round__org")
        | Q(**{f"{stem}writer": user})
        | (below(own.paths, "org") & Q(**{f"{stem}state__in": SENT}))
    )


@transaction.atomic
def appoint(actor: Actor, verdict: Any, writer: Any) -> Any:
    """Somebody on the list writes the report on this result, starting from scores and summed-up texts.

    Conflict before the result is confirmed, Rejected for somebody who is not on the list. A report under way changes
    hands.
    """
    round_, process = locked(verdict.round), process_of(verdict)
    if round_.state not in REPORTABLE or verdict.archived_at is not None:
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，确认复核以后才能指定编写人")
    if not listed(round_.org, "writes").filter(pk=writer.pk).exists():
        raise Rejected({"writer": "此人不在评审人员名单里，或没有编写报告的职责"})
    there = verdict.reports.filter(archived_at=None).first()
    if there is not None:
        return _hand_over(actor, there, writer)
    report = process.table("Report")(
        org=verdict.org, verdict=verdict, round=round_, writer=writer, body=drafted(verdict)
    )
    report = create(actor, report)
    demands = [
        (leaf, words)
        for leaf in (one.code for one in round_.indicators.leaves)
        if (words := verdict.scores.get(leaf, {}).get("texts", {}).get(process.demanded, "").strip())
    ]
    create_all(actor, [_problem(report, leaf, words) for leaf, words in demands])
    renew_todos(report, actor.user)
    send("rounds.report_wanted", [writer], report, context={"title": round_.title})
    return report


def _problem(report: Any, leaf: str, text: str) -> Any:
    process = process_of(report)
    edition = edition_at(report.org, process.right("problems"))
    same = {"org": report.org, "report": report, "round": report.round, "flow_edition": edition}
    return process.table("Problem")(**same, state="drafted", leaf=leaf, text=text)


@transaction.atomic
def demand_more(actor: Actor, report: Any, leaf: str, text: str) -> Any:
    """A further demand in a report the person is writing; Conflict for any other."""
    return create(actor, _problem(_writing(actor, report), leaf, text))


@transaction.atomic
def write(actor: Actor, report: Any, values: dict[str, Any]) -> Any:
    """Put text and day into a report that one is writing; Conflict for any other."""
    return change(actor, _writing(actor, report), values, action="write")


@transaction.atomic
def reword(actor: Actor, problem: Any, values: dict[str, Any]) -> Any:
    """Put other words to a demand of a report that one is writing; Conflict for any other."""
    _writing(actor, problem.report)
    return change(actor, problem, values, action="write", expect=Q(state="drafted"))


def _writing(actor: Actor, report: Any) -> Any:
    found = type(report).unguarded.select_for_update().get(pk=report.pk)
    if found.state not in BEING_WRITTEN or actor.user is None or found.writer_id != actor.user.pk:
        raise Conflict("只能修改您正在编写的报告")
    return found


def _hand_over(actor: Actor, report: Any, writer: Any) -> Any:
    if report.state not in BEING_WRITTEN:
        raise Conflict(f"报告当前是“{report.state_shown.title}”，不能更换编写人")
    change(actor, report, {"writer": writer}, action="appoint")
    renew_todos(report, actor.user)
    send("rounds.report_wanted", [writer], report, context={"title": report.round.title})
    return report


def drafted(verdict: Any) -> str:
    """The text a writer starts from: scores and what was summed up of each indicator."""
    round_, process = verdict.round, process_of(verdict)
    titles = {text.code: text.title for text in process.texts}
    total, rank = f"{verdict.total or Decimal(0):f}", verdict.rank or "未定"
    lines = [f"{verdict.org}在“{round_.title}”中最后得分 {total} 分，名次 {rank}。", ""]
    for leaf in round_.indicators.leaves:
        said = verdict.scores.get(leaf.code, {})
        final, most = said.get("final") or "未定", f"{leaf.scale.most:f}"
        lines.append(f"{leaf.code} {leaf.title}：{final} 分（标准分 {most}）")
        texts = said.get("texts", {})
        lines += [f"　{titles[code]}：{texts[code]}" for code in process.summed if texts.get(code)]
    return "\n".join(lines)


def why_not_submitted(report: Any) -> dict[str, str]:
    """What a report still lacks, by field: a day for its demands, not in the past."""
    if not report.problems.filter(state="drafted").exists():
        return {}
    if report.due_on is None:
        return {"due_on": "有整改要求，要写整改期限"}
    return {"due_on": "整改期限不能早于今天"} if report.due_on < clock.today() else {}


@events.on(Moved)
def follow_report(event: Moved) -> None:
    """A confirmed report reaches the participant with its problems; without any it is closed."""
    if not isinstance(event.record, ReportRecord) or event.move.name != "confirm":
        return
    report: Any = event.record
    due = report.due_on and datetime.combine(report.due_on, CLOSES_AT, clock.zone())
    for problem in report.problems.filter(state="drafted").select_related("org", "report"):
        change(SYSTEM, problem, {"due_at": due}, action="issue")
        perform(SYSTEM, problem, "issue")
    people = holders_at([report.org], process_of(report).right("entries.fill"))
    send("rounds.report_sent", people, report, context={"due": report.due_on or "本学期内"})
    _close(report)


@events.on(Moved)
def follow_problem(event: Moved) -> None:
    """The last problem that is put right closes the report."""
    problem = event.record
    if isinstance(problem, ProblemRecord) and event.move.name == "accept":
        _close(type(problem.report).unguarded.select_for_update().get(pk=problem.report_id))


def _close(report: Any) -> None:
    if not report.problems.filter(archived_at=None).exclude(state__in=PUT_RIGHT).exists():
        perform(SYSTEM, report, "close")


def rectification(round_: Any) -> list[tuple[str, int, str, str]]:
    """Reports and problems of a round: title, number, address and tone of each state, overdue ones apart."""
    process, lines = process_of(round_), []
    stem = f"/{process.code.replace('_', '-')}"
    for table, code, word in (("Report", "reports", "报告"), ("Problem", "problems", "整改")):
        rows = process.table(table).unguarded.filter(archived_at=None, round=round_)
        for state, shown in rows.model().flow.states.items():
            url = f"{stem}/{code}/?round={round_.pk}&state={state}"
            lines.append((f"{word}{shown.title}", rows.filter(state=state).count(), url, shown.tone))
    return lines


def unclosed(round_: Any) -> int:
    """How many results of a round lack a report that is closed."""
    if not process_of(round_).writers:
        return 0
    ended = round_.reports.filter(archived_at=None, state="closed")
    return int(round_.verdicts.filter(archived_at=None).exclude(pk__in=ended.values("verdict")).count())

"""Results: aggregated when every judge has finished, shown when published (SAF.38-SAF.47)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.audit.api import Actor, create_all
from anlan.engines.evaluation.api import Case, Judge, Panel, Result, Ruling, Unfinished, Unsound, reckon
from anlan.engines.org.api import below
from anlan.engines.registry.api import Entry
from anlan.engines.rounds.entries import own_scores
from anlan.engines.rounds.handing_out import DRAFT
from anlan.engines.rounds.processes import process_of, related
from anlan.engines.rounds.round_records import SHOWN, live_panels
from anlan.kernel.errors import Conflict

NAMED = 10


class VerdictRecord(Entry):
    """A participant's result. ``scores``: by leaf ``own``, ``aggregated``, ``final``, ``reason``, ``by`` of a
    review, ``texts`` as the lead summed them up; the judges' sheets stay beside it for ever.
    """

    BY_KEY = "scores"

    round: Any = related("Round", "verdicts", "评估任务")  # type: ignore[misc]
    entry: Any = related("Entry", "verdicts", "自评")  # type: ignore[misc]
    own = models.DecimalField("自评总分", max_digits=9, decimal_places=2, null=True)
    aggregated = models.DecimalField("汇总总分", max_digits=9, decimal_places=2, null=True)
    total = models.DecimalField("最后得分", max_digits=9, decimal_places=2, null=True, db_index=True)
    rank = models.PositiveIntegerField("名次", null=True, db_index=True)
    scores = models.JSONField(default=dict, editable=False)

    class Meta(Entry.Meta):
        abstract = True
        verbose_name = "评估结果"
        ordering = ["-round", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], name="%(app_label)s_verdict_once", condition=Q(archived_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.round.title} · {self.org}"

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """The department sees them once they are reckoned, who is judged once they are published."""
        return rows.filter(Q(round__state__in=SHOWN) | below(found.paths, "round__org"))


def outstanding(round_: Any) -> list[Any]:
    """Sheets that are not handed in, with judge and participant."""
    rows = round_.sheets.filter(state=DRAFT, archived_at=None)
    return list(rows.select_related("judge", "entry__org", "panel", "round").order_by("judge", "pk"))


def refuse_outstanding(round_: Any, user: Any = None) -> str | None:
    """Who has not finished and what is missing, in words; None when all have."""
    found = outstanding(round_)
    if not found:
        return None
    said = [
        f"{sheet.judge}（{sheet.entry.org}：{'、'.join(sheet.lacking) or '未提交'}）"
        for sheet in found[:NAMED]
    ]
    more = f"等 {len(found)} 份" if len(found) > NAMED else ""
    return f"还有评委没有交齐，不能汇总：{'；'.join(said)}{more}"


def why_not_aggregated(round_: Any) -> str | None:
    """Who has not finished, judges and participants that were returned; None when all have."""
    back = (
        round_.entries.filter(reopened=True, archived_at=None).exclude(state="passed").select_related("org")
    )
    if units := "、".join(str(entry.org) for entry in back[:NAMED]):
        return f"退回的自评还没有重新通过，不能汇总：{units}"
    return refuse_outstanding(round_)


def not_summed(round_: Any) -> str | None:
    """Which indicators the lead has not summed up yet, in words; None when all are (KG.20)."""
    owed = process_of(round_).summed[:1]
    if not owed:
        return None
    lacking = [
        f"{verdict.org}：{'、'.join(open_)}"
        for verdict in standing_verdicts(round_)
        if (open_ := [leaf for leaf, one in verdict.scores.items() if lacks_text(one, owed)])
    ]
    more = f"等 {len(lacking)} 所" if len(lacking) > NAMED else ""
    return f"还有指标没有汇总意见，不能确认：{'；'.join(lacking[:NAMED])}{more}" if lacking else None


def lacks_text(said: Mapping[str, Any], owed: Iterable[str]) -> bool:
    """Whether one of these texts is missing beside a final score."""
    return any(not said.get("texts", {}).get(code, "").strip() for code in owed)


def standing_verdicts(round_: Any) -> Any:
    """The results that hold, with their units."""
    return round_.verdicts.filter(archived_at=None).select_related("org")


def case_of(round_: Any, reviews: Mapping[tuple[str, str], Ruling] | None = None) -> Case:
    """The round as it is reckoned: participants by unit code, judges by the number of their account."""
    sheets = round_.sheets.filter(archived_at=None).exclude(state=DRAFT)
    scores: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for code, judge, said in sheets.values_list("entry__org__code", "judge", "scores"):
        for leaf, one in said.items():
            scores[code, leaf][str(judge)] = Decimal(one["score"])
    entries = round_.entries.filter(state="passed", archived_at=None)
    return Case(
        tree=round_.indicators,
        participants=dict(entries.order_by("org__code").values_list("org__code", "org__name")),
        panels=_seated(round_),
        scores=scores,
        rule=round_.rule,
        weighting=round_.weighting,
        reviews=reviews or {},
    )


def _seated(round_: Any) -> tuple[Panel, ...]:
    """Who judged what of whom: the panels, and where somebody was replaced the participants of each line-up."""
    leaves = {panel.pk: tuple(panel.leaves) for panel in live_panels(round_)}
    seats: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = round_.sheets.filter(archived_at=None, entry__state="passed", panel__in=leaves).order_by("pk")
    for panel, code, judge in rows.values_list("panel", "entry__org__code", "judge"):
        seats[panel, code].append(str(judge))
    lines: dict[tuple[int, tuple[str, ...]], list[str]] = defaultdict(list)
    for (panel, code), judges in seats.items():
        lines[panel, tuple(sorted(judges, key=int))].append(code)
    return tuple(
        Panel(tuple(Judge(one) for one in judges), leaves[panel], tuple(sorted(codes)))
        for (panel, judges), codes in sorted(lines.items())
    )


def result_of(case: Case) -> Result:
    """What the case comes to; Conflict where a judge is outstanding or the case contradicts itself."""
    try:
        return reckon(case)
    except Unfinished as unfinished:
        raise Conflict(f"还有 {len(unfinished.missing)} 个评分没有交") from None
    except Unsound as unsound:
        raise Conflict("；".join(f"{fault.code} {fault.text}" for fault in unsound.faults[:NAMED])) from None


def store_verdicts(actor: Actor, round_: Any) -> int:
    """Reckon the round and store a verdict for each participant without one; how many.

    Results that were not taken back keep what was decided about them.
    """
    result = result_of(case_of(round_))
    table = process_of(round_).table("Verdict")
    there = standing_verdicts(round_).values("entry")
    entries = round_.entries.filter(state="passed", archived_at=None).exclude(pk__in=there)
    entries = entries.select_related("org")
    own = own_scores(entries)
    fresh = []
    for entry in entries:
        standing, said = result.standings[entry.org.code], own.get(entry.pk, {})
        scores = {
            leaf: {
                "own": _text(said.get(leaf)),
                "aggregated": _text(value),
                "final": _text(standing.final[leaf]),
            }
            for leaf, value in standing.aggregated.items()
        }
        row = table(
            org=entry.org, round=round_, entry=entry, scores=scores, own=sum(said.values(), Decimal(0))
        )
        row.aggregated, row.total, row.rank = standing.total, standing.total, standing.rank
        fresh.append(row)
    return len(create_all(actor, fresh))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)

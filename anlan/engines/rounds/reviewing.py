"""Review scores of the department: each with its reason, alone deciding totals and ranks (SAF.39).

Beside them stand the texts the lead sums up from those of the judges (KG.20).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import SYSTEM, Actor, change
from anlan.engines.evaluation.api import Ruling
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.round_records import locked
from anlan.engines.rounds.verdicts import case_of, result_of, standing_verdicts
from anlan.kernel.errors import Conflict, Rejected


def reviews_of(round_: Any) -> dict[tuple[str, str], Ruling]:
    """Final scores that were set in place of aggregated ones, by unit code and leaf."""
    rows = standing_verdicts(round_).values_list("org__code", "scores")
    return {
        (code, leaf): Ruling(Decimal(one["final"]), one["reason"], one["by"])
        for code, scores in rows
        for leaf, one in scores.items()
        if one.get("reason")
    }


def collected(verdict: Any) -> dict[str, dict[str, str]]:
    """The judges' texts of each leaf, one under the other with its author: what the lead starts from."""
    process = process_of(verdict)
    found: dict[str, dict[str, list[str]]] = {}
    sheets = verdict.entry.sheets.filter(archived_at=None).select_related("judge").order_by("judge_id", "pk")
    for sheet in sheets if process.summed else ():
        for leaf, one in sheet.scores.items():
            for code in process.summed:
                if words := one.get(code, "").strip():
                    found.setdefault(leaf, {}).setdefault(code, []).append(f"{sheet.judge}：{words}")
    return {leaf: {code: "\n".join(lines) for code, lines in one.items()} for leaf, one in found.items()}


@transaction.atomic
def review(
    actor: Actor,
    verdict: Any,
    said: Mapping[str, tuple[Decimal, str]],
    texts: Mapping[str, Mapping[str, str]] | None = None,
) -> Any:
    """Set final scores of some leaves, each with its reason; totals and ranks of the round follow.

    ``texts``: what is summed up, by leaf and code of the text.

    Conflict outside the review, Rejected for a score out of range or a change without a reason. A score equal to
    the aggregated one takes a review back.
    """
    round_ = locked(verdict.round)
    if round_.state != "aggregated":
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能复核")
    verdict = type(verdict).unguarded.select_related("org").get(pk=verdict.pk)
    if verdict.archived_at is not None:
        raise Conflict("这份结果已退回重评")
    scores, faults = {leaf: dict(one) for leaf, one in verdict.scores.items()}, {}
    for leaf, (value, reason) in said.items():
        if fault := _review_fault(round_, scores, leaf, value, reason):
            faults[f"{fault[0]}-{leaf}"] = fault[1]
            continue
        kept = {name: scores[leaf][name] for name in ("own", "aggregated", "texts") if name in scores[leaf]}
        scores[leaf] = kept | {"final": str(value)}
        if value != Decimal(scores[leaf]["aggregated"] or -1):
            scores[leaf] |= {"reason": reason.strip(), "by": actor.name}
    for leaf, words in (texts or {}).items():
        scores[leaf] = scores[leaf] | {"texts": {code: text.strip() for code, text in words.items()}}
    if faults:
        raise Rejected(faults)
    change(actor, verdict, {"scores": scores}, action="review")
    restand(round_)
    return type(verdict).unguarded.get(pk=verdict.pk)


def _review_fault(
    round_: Any, scores: Mapping[str, Any], leaf: str, value: Decimal, reason: str
) -> tuple[str, str] | None:
    if leaf not in scores:
        return ("final", "没有这项指标")
    most = round_.indicators[leaf].scale.most
    if not 0 <= value <= most:
        return ("final", f"应在 0 到 {most:f} 分之间")
    changed = value != Decimal(scores[leaf]["aggregated"] or -1)
    return ("reason", "复核分与汇总分不同，要写原因") if changed and not reason.strip() else None


def restand(round_: Any) -> None:
    """Totals and ranks anew, from the sheets and the reviews."""
    result = result_of(case_of(round_, reviews_of(round_)))
    for verdict in standing_verdicts(round_):
        standing = result.standings[verdict.org.code]
        change(SYSTEM, verdict, {"total": standing.total, "rank": standing.rank}, action="change")

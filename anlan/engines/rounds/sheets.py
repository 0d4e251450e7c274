"""One judge's scores of one participant: seen by that judge alone until they are aggregated (SAF.37).

A sheet holds its scores in one column: ``{leaf: {"score": "3.5", "opinion": "…"}}``, judged against the round's
frozen tree at every save. Nothing but this module and ``verdicts`` reads it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import Record
from anlan.engines.rounds.assessors import Assessor, listed
from anlan.engines.rounds.handing_out import DRAFT, SUBMITTED, show_to_judge
from anlan.engines.rounds.processes import process_of, related
from anlan.engines.rounds.round_records import locked
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing, Rejected

AT_WORK = ("scoring", "aggregating", "aggregated", "confirmed", "published", "closed")


class SheetRecord(Record):
    """The scores of ``judge`` for the leaves of the panel; ``org`` is the department.

    A sheet that was returned is archived with what it said; ``opinion`` of its successor is the reason.
    """

    OWNER = "judge"
    BY_KEY = "scores"

    round: Any = related("Round", "sheets", "评估任务")  # type: ignore[misc]
    entry: Any = related("Entry", "sheets", "参评单位")  # type: ignore[misc]
    panel: Any = related("Panel", "sheets", "评委组")  # type: ignore[misc]
    judge: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评委"
    )
    state = models.CharField(
        "状态", max_length=10, choices=[(DRAFT, "评分中"), (SUBMITTED, "已提交")], default=DRAFT
    )
    scores = models.JSONField("评分", default=dict)
    opinion = models.CharField("退回原因", max_length=500, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta(Record.Meta):
        abstract = True
        verbose_name = "评分表"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "panel", "judge"],
                name="%(app_label)s_sheet_once",
                condition=Q(archived_at=None),
            )
        ]
        indexes = [models.Index(fields=["judge", "state"], name="%(app_label)s_sheet_desk")]

    def __str__(self) -> str:
        return f"{self.round.title} · {self.entry.org}"

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """The judge's own, whatever else the person may see."""
        return rows.filter(judge=user, archived_at=None)

    @property
    def desk(self) -> str:
        """Where the judge scores."""
        return process_of(self).url(f"desk/{self.pk}/")

    @property
    def leaves(self) -> list[str]:
        """What is to be scored, in the order of the tree."""
        mine = set(self.panel.leaves)
        return [leaf.code for leaf in self.round.indicators.leaves if leaf.code in mine]

    @property
    def lacking(self) -> list[str]:
        """What is not scored yet."""
        return [code for code in self.leaves if code not in self.scores]


def sheets_for(user: Any, process: Any) -> Any:
    """The sheets on this person's desk; Forbidden for somebody who is no judge."""
    rows = process.table("Sheet").objects.visible(user, process.right("sheets.score"))
    rows = rows.filter(round__state__in=AT_WORK)
    return rows.filter(Exists(Assessor.unguarded.filter(
        user=user, judges=True, archived_at=None, org=OuterRef("round__org")
    )))  # fmt: skip


@transaction.atomic
def save_score(
    actor: Actor,
    sheet: Any,
    leaf: str,
    score: Decimal,
    texts: Mapping[str, str],
    *,
    version: int | None = None,
) -> Any:
    """One score with its texts into the draft.

    Missing for an indicator of another panel, Conflict once submitted or aggregated, Rejected for a score out of
    range or a text that is owed.
    """
    sheet = _scoring(sheet)
    if sheet.state != DRAFT:
        raise Conflict("评分表已提交；需要修改请先收回")
    if leaf not in sheet.leaves:
        raise Missing
    _refuse(sheet, leaf, score, texts)
    said = {"score": str(score)}
    said |= {text.code: texts.get(text.code, "").strip() for text in process_of(sheet).texts}
    return change(actor, sheet, {"scores": sheet.scores | {leaf: said}}, action="score", version=version)


def _refuse(sheet: Any, leaf: str, score: Decimal, texts: Mapping[str, str]) -> None:
    scale = sheet.round.indicators[leaf].scale
    if fault := scale.fault(score):
        raise Rejected({"score": f"得分{fault}"})
    faults = {
        text.code: "请填写"
        for text in process_of(sheet).texts
        if (text.owed == "always" or (text.owed == "below" and score < scale.most))
        and not texts.get(text.code, "").strip()
    }
    if faults:
        raise Rejected(faults)


@transaction.atomic
def submit_sheet(actor: Actor, sheet: Any) -> Any:
    """Hand the sheet in and lock it; Rejected while something is not scored."""
    sheet = _scoring(sheet)
    if sheet.lacking:
        raise Rejected({"": f"还有 {len(sheet.lacking)} 项没有评分：{'、'.join(sheet.lacking)}"})
    values = {"state": SUBMITTED, "submitted_at": clock.now()}
    change(actor, sheet, values, action="submit", expect=Q(state=DRAFT))
    show_to_judge(sheet.round, sheet.judge)
    return sheet


@transaction.atomic
def take_back(actor: Actor, sheet: Any) -> Any:
    """Make a submitted sheet a draft again, as long as the round is being scored."""
    sheet = _scoring(sheet)
    values = {"state": DRAFT, "submitted_at": None}
    change(actor, sheet, values, action="take-back", expect=Q(state=SUBMITTED))
    show_to_judge(sheet.round, sheet.judge)
    return sheet


def _scoring(sheet: Any) -> Any:
    """The sheet as it is now, in a round that is being scored and stays so until this transaction ends."""
    round_ = locked(sheet.round)
    if round_.state != "scoring":
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能评分")
    found = type(sheet).unguarded.select_related("entry__org", "panel", "judge").get(pk=sheet.pk)
    if found.archived_at is not None or not listed(round_.org, "judges").filter(pk=found.judge_id).exists():
        raise Missing
    found.round = round_
    return found

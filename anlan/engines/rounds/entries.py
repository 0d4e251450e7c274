"""A participant's part in a round, item by item, kept open until it is complete or demanded (SAF.33-SAF.35)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from anlan.engines.audit.api import Actor, change, create
from anlan.engines.org.api import Record
from anlan.engines.registry.api import ledger_of, unique
from anlan.engines.rounds.processes import process_of, related
from anlan.engines.workflow.api import FlowRecord
from anlan.kernel.errors import Conflict, Missing, Rejected

OPEN = ("open", "returned")


class EntryRecord(FlowRecord):
    """One participant (``org``) of a round. ``left_open`` are the items a demanded entry came without.

    ``former``: what was said when the entry was returned, by the number of the return; ``reopened``: returned after
    the aggregation, which waits until it has passed again (MOR.09).
    """

    BY_KEY = "former"

    round: Any = related("Round", "entries", "评估任务")  # type: ignore[misc]
    opinion = models.TextField("退回原因", blank=True)
    left_open = models.CharField("未填写的指标", max_length=1000, blank=True, editable=False)
    former = models.JSONField(default=dict, editable=False)
    reopened = models.BooleanField(default=False, editable=False)

    class Meta(FlowRecord.Meta):
        abstract = True
        verbose_name = "自评"
        ordering = ["-pk"]
        constraints = [unique("%(app_label)s_entry_once", "round org", "已经参加这次评估")]

    def __str__(self) -> str:
        return f"{self.round.title} · {self.org}"

    def get_absolute_url(self) -> str:
        """The entry's page."""
        ledger = ledger_of(type(self))
        return ledger.url_of(self) if ledger else ""

    @property
    def desk(self) -> str:
        """Where it is filled in item by item."""
        return process_of(self).url(f"entries/{self.pk}/")


class ItemRecord(Record):
    """What a participant says about one indicator: description, own score, explanation of what is missing."""

    entry: Any = related("Entry", "items", "自评")  # type: ignore[misc]
    leaf = models.CharField("指标编号", max_length=12)
    score = models.DecimalField("自评分", max_digits=6, decimal_places=2)
    text = models.TextField("情况说明", blank=True, max_length=2000)
    reason = models.TextField("扣分说明", blank=True, max_length=1000)

    class Meta(Record.Meta):
        abstract = True
        verbose_name = "自评项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "leaf"], name="%(app_label)s_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.leaf}"

    def clean(self) -> None:
        """A score of the indicator's scale; below the standard only with an explanation, where one is owed."""
        indicator = self.entry.round.indicators[self.leaf]
        if fault := indicator.scale.fault(self.score):
            raise ValidationError({"score": f"{self.leaf} 的自评分{fault}"})
        owed = process_of(self).explains_below and self.score < indicator.scale.most
        if owed and not self.reason.strip():
            raise ValidationError({"reason": "自评分低于标准分，要写扣分说明"})


@dataclass(frozen=True)
class Said:
    """What is typed for an item."""

    score: Decimal
    text: str = ""
    reason: str = ""


def open_leaves(entry: Any) -> list[str]:
    """Codes of the items nobody has filled in yet, in order."""
    there = set(entry.items.values_list("leaf", flat=True))
    return [leaf.code for leaf in entry.round.indicators.leaves if leaf.code not in there]


@transaction.atomic
def save_item(actor: Actor, entry: Any, leaf: str, said: Said, *, version: int | None = None) -> Any:
    """Store one item; the others stay as they are, whoever fills them in.

    ``version`` is the one the person was looking at. Missing for no such item, Conflict once the entry is handed in
    or where somebody else saved this item first, Rejected for a score out of range or an explanation that is owed.
    """
    entry = _still_open(entry)
    if leaf not in {one.code for one in entry.round.indicators.leaves}:
        raise Missing
    values = {"score": said.score, "text": said.text, "reason": said.reason}
    there = entry.items.filter(leaf=leaf).first()
    if there is None:
        if version:
            raise Conflict("这一项已被改动，请刷新后再填")
        return create(actor, process_of(entry).table("Item")(org=entry.org, entry=entry, leaf=leaf, **values))
    there.entry = entry
    return change(actor, there, values, version=version)


def _still_open(entry: Any) -> Any:
    # The row of the entry alone is locked: whoever hands it in waits, the other entries of the round do not.
    type(entry).unguarded.select_for_update().get(pk=entry.pk)
    found = type(entry).unguarded.select_related("round", "org").get(pk=entry.pk)
    if found.state not in OPEN or found.archived_at is not None:
        raise Conflict("自评已提交，不能再改")
    return found


def own_scores(entries: Iterable[Any]) -> dict[int, dict[str, Decimal]]:
    """Own scores by entry and leaf, in one query."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = list(entries)
    if rows:
        items = process_of(rows[0]).table("Item").unguarded.filter(entry__in=rows)
        for entry, leaf, score in items.values_list("entry", "leaf", "score"):
            found[entry][leaf] = score
    return found


def refuse_open_items(entry: Any, actor: Actor) -> dict[str, Any]:
    """What handing in writes: the items left open, which only a demanded entry may have (SAF.34)."""
    lacking = open_leaves(entry)
    if lacking and (process_of(entry).whole or entry.round.due_on is None):
        raise Rejected({"": f"还有 {len(lacking)} 项没有填写，要全部填完才能提交：{'、'.join(lacking)}"})
    return {"left_open": "、".join(lacking)[:1000]}

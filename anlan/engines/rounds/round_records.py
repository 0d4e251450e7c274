"""A round of evaluation and its panels of judges (SAF.31, SAF.32, SAF.36)."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.evaluation.api import Tree, rules, tree_in
from anlan.engines.org.api import OrgUnit, Record, below, scope
from anlan.engines.registry.api import ledger_of
from anlan.engines.rounds.processes import OVERSEE, Process, process_of, related
from anlan.engines.workflow.api import FlowRecord

SHOWN = ("published", "closed")
RECKONED = ("aggregated", "confirmed", *SHOWN)


def rule_choices() -> list[tuple[str, str]]:
    """The rules by which several judges' scores become one."""
    return [(rule.code, rule.title) for rule in rules]


class RoundRecord(FlowRecord):
    """One evaluation of a department (``org``). ``tree`` and ``details`` are the indicators as published.

    ``due_on``: last day of the self-evaluation, set when published or demanded later; without it nothing is late
    (SAF.34).
    """

    title = models.CharField("任务名称", max_length=80)
    requirements = models.TextField("评估要求")
    explanation = models.TextField("说明", blank=True)
    scheme: Any = related("Scheme", "rounds", "评估类别")  # type: ignore[misc]
    participants: Any = models.ManyToManyField(OrgUnit, related_name="+", blank=True, verbose_name="参评单位")
    rule = models.CharField("评分汇总办法", max_length=20, choices=rule_choices, default="mean")
    weighting = models.CharField(
        "总分算法", max_length=8, default="points",
        choices=[("points", "各项得分相加"), ("percent", "按权重折算成百分制")],
    )  # fmt: skip
    tree = models.JSONField(default=list, editable=False)
    details = models.JSONField(default=dict, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    due_on = models.DateField("自评交齐日期", null=True, blank=True)

    class Meta(FlowRecord.Meta):
        abstract = True
        verbose_name = "评估任务"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The round's page."""
        ledger = ledger_of(type(self))
        return ledger.url_of(self) if ledger else ""

    @property
    def process(self) -> Process:
        """Whose round it is."""
        return process_of(self)

    @cached_property
    def indicators(self) -> Tree:
        """The tree as published."""
        return tree_in(self.tree)

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """The department sees its own; who takes part sees what was published to it (SAF.32)."""
        entries = process_of(cls).table("Entry").unguarded.filter(below(found.paths), archived_at=None)
        return Q(found.condition() | Q(pk__in=entries.values("round")))


class PanelRecord(Record):
    """A group of judges; ``leaves`` are the codes of the indicators it scores, no code in two panels."""

    round: Any = related("Round", "panels", "评估任务")  # type: ignore[misc]
    title = models.CharField("组名", max_length=40)
    judges: Any = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="评委")
    leaves = models.JSONField("指标", default=list)

    class Meta(Record.Meta):
        abstract = True
        verbose_name = "评委组"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


def in_charge(user: Any, round_: Any) -> bool:
    """Whether the person runs or leads this round."""
    return bool(scope(user, process_of(round_).right(OVERSEE)).covers(round_.org.path))


def live_panels(round_: Any) -> list[Any]:
    """The panels in force, with their judges."""
    return list(round_.panels.filter(archived_at=None).prefetch_related("judges"))


def locked(round_: Any) -> Any:
    """The round as it is now; nobody else changes it before this transaction ends."""
    return type(round_).unguarded.select_for_update().get(pk=round_.pk)

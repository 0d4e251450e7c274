"""Holdings: one line of the archive's index per finished matter; the matter itself stays where it is (X.17)."""

from collections import defaultdict
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from anlan.engines.archives.kinds import choices
from anlan.engines.archives.matters import OWN
from anlan.engines.org.api import Record, Scope, below, scope
from anlan.engines.registry.api import Entry, Ledger, ledgers


def filed_ledgers() -> list[tuple[str, str]]:
    """Code and title of the ledgers whose rows may be filed."""
    return [(item.code, item.title) for item in ledgers if not item.code.startswith(OWN)]


class Holding(Entry):
    """A matter in the archive; ``title`` is what its ledger's list shows, masked.

    ``filed`` is false while the matter has been taken up again, ``held`` while a hold forbids destruction;
    ``gone_at`` and ``disposal`` tell when and by which decision its content was destroyed.
    """

    ledger = models.CharField("所在台账", max_length=60, choices=filed_ledgers, db_index=True)
    object_id = models.BigIntegerField(editable=False)
    kind = models.CharField("门类", max_length=30, choices=choices, db_index=True)
    title = models.CharField("事项", max_length=200)
    year = models.CharField("学年", max_length=9, db_index=True)
    ended_on = models.DateField("办结日期", db_index=True)
    keep_until = models.DateField("保存至", null=True, blank=True, db_index=True)
    filed = models.BooleanField("在档", default=True, editable=False)
    held = models.BooleanField("冻结", default=False, editable=False)
    gone_at = models.DateTimeField("销毁时间", null=True, editable=False)
    disposal = models.ForeignKey(
        "archives.Disposal",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="holdings",
        verbose_name="销毁审批",
    )

    class Meta(Entry.Meta):
        verbose_name = "归档事项"
        ordering = ["-ended_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["ledger", "object_id"], name="archives_holding_once")]
        indexes = [models.Index(fields=["org", "-ended_on"], name="archives_holding_place")]

    @property
    def record(self) -> Any:
        """The matter itself."""
        return (
            ledgers[self.ledger].model._base_manager.filter(pk=self.object_id).select_related("org").first()
        )

    @classmethod
    def scope_condition(cls, user: Any, found: Scope) -> Q:
        """Left to the records' own rules; see :meth:`narrow`."""
        return Q(filed=True)

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Scope) -> Any:
        """Only matters that the person may see where they are kept."""
        return rows.filter(seen_by(user))


def seen_by(user: Any) -> Q:
    """Holdings of matters this person may see: by units where a ledger knows no other rule, else by its own rule."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    condition = Q(pk__in=[])
    for item in present():
        found = scope(user, item.permission("view"))
        if not found:
            continue
        if by_units_alone(item, found):
            alike[found.paths].append(item.code)
        else:
            mine = item.refine(item.model.objects.visible(user, found.permission))
            known = Q(Exists(mine.filter(pk=OuterRef("object_id")).values("pk")))
            condition |= Q(ledger=item.code) & known
    for paths, codes in alike.items():
        condition |= Q(ledger__in=codes) & below(paths)
    return condition


def present() -> list[Ledger]:
    """Ledgers with something in the archive: each rule more makes the question longer."""
    codes = Holding.unguarded.order_by("ledger").values_list("ledger", flat=True).distinct()
    return [ledgers[code] for code in codes if code in ledgers]


@cache
def narrows(ledger: Ledger) -> bool:
    """Whether the ledger holds only part of its model's rows; one that merely adds to them asks nothing more."""
    refined = ledger.refine(ledger.model.objects.unscoped())
    return bool(refined.query.where) or refined.query.distinct


def by_units_alone(ledger: Ledger, found: Scope) -> bool:
    """Whether nothing but the unit decides which rows the scope shows."""
    model = ledger.model
    rules = ("narrow", "scope_condition")
    ruled = any(getattr(model, name).__func__ is not getattr(Record, name).__func__ for name in rules)
    owned = bool(model.OWNER and found.own_paths)
    return not (narrows(ledger) or ruled or owned or model.INHERITED or model.SHAREABLE)

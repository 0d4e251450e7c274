"""Schemes of indicators on the levels A, B and C, frozen by the first round that is published (SAF.30)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.evaluation.api import Indicator, Scale, Tree
from anlan.engines.registry.api import Entry, unique
from anlan.engines.rounds.processes import related
from anlan.kernel.errors import Rejected

FROZEN = "已有发布的评估使用这套指标，不能再改；需要修改时请复制为新的一套"
SCALED = ("standard", "step", "options")


class SchemeRecord(Entry):
    """A kind of evaluation with its indicators; ``frozen`` once a published round uses it."""

    title = models.CharField("名称", max_length=60)
    note = models.TextField("说明", blank=True)
    frozen = models.BooleanField("已用于发布的评估", default=False, editable=False)

    class Meta(Entry.Meta):
        abstract = True
        verbose_name = "评估类别"
        constraints = [unique("%(app_label)s_scheme_once", "org title", "已有同名的评估类别")]

    def __str__(self) -> str:
        return self.title


class IndicatorRecord(Entry):
    """An indicator; ``parent`` is the code of the one above, empty on level A. Only the lowest carry scores.

    ``options``: one ``words=score`` a line; empty where any score up to ``standard`` may be given.
    """

    scheme: Any = related("Scheme", "indicators", "评估类别")  # type: ignore[misc]
    code = models.CharField("编号", max_length=12)
    title = models.CharField("指标", max_length=200)
    parent = models.CharField("上级指标编号", max_length=12, blank=True, help_text="一级指标不填")
    standard = models.DecimalField(
        "标准分", max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))], help_text="只有最下级指标填写，上级由下级相加",
    )  # fmt: skip
    step = models.DecimalField(
        "评分步长", max_digits=4, decimal_places=2, default=Decimal("0.5"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    options = models.TextField(
        "评分选项", blank=True, help_text="每行一个，写成“完全符合=3”；不填可在标准分内任意评分"
    )
    weight = models.DecimalField("权重", max_digits=6, decimal_places=2, default=Decimal(1))
    detail = models.TextField("说明", blank=True)
    place = models.PositiveSmallIntegerField("排序", default=0)

    class Meta(Entry.Meta):
        abstract = True
        verbose_name = "评估指标"
        ordering = ["scheme", "place", "pk"]
        constraints = [unique("%(app_label)s_indicator_once", "scheme code", "这套指标里已有这个编号")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def level(self) -> str:
        """A, B or C: by how many indicators stand above."""
        return "ABC"[min(_depth(self), 3) - 1]

    def clean(self) -> None:
        """At most three levels, below an indicator that is there, in a scheme that is not in use."""
        if type(self.scheme).unguarded.filter(pk=self.scheme_id, frozen=True).exists():
            raise ValidationError({"scheme": FROZEN})
        if self.scheme.org_id != self.org_id:
            raise ValidationError({"scheme": "指标和评估类别要属于同一单位"})
        if fault := _misplaced(self):
            raise ValidationError({"parent": fault})
        try:
            scale = self.scale()
        except (ValueError, InvalidOperation):
            raise ValidationError({"options": "每行写成“名称=分值”"}) from None
        if scale and (faults := scale.faults()):
            raise ValidationError({"options" if self.options else "step": faults})

    def scale(self) -> Scale | None:
        """What may be given; ValueError or InvalidOperation for options that are none."""
        if self.standard is None:
            return None
        lines = [line.strip() for line in self.options.splitlines() if line.strip()]
        pairs = [line.replace("＝", "=").rsplit("=", 1) for line in lines]
        options = tuple((title.strip(), Decimal(score.strip())) for title, score in pairs)
        return Scale(self.standard, self.step, options)


def _above(one: IndicatorRecord) -> dict[str, str]:
    rows = type(one).unguarded.filter(scheme_id=one.scheme_id, archived_at=None).exclude(pk=one.pk)
    return dict(rows.values_list("code", "parent")) | {one.code: one.parent}


def _depth(one: IndicatorRecord) -> int:
    above, code, depth = _above(one), one.code, 1
    while (code := above.get(code, "")) and depth <= len(above):
        depth += 1
    return depth


def _misplaced(one: IndicatorRecord) -> str:
    """Why it cannot stand below its parent, in words."""
    above = _above(one)
    if one.parent and (one.parent not in above or one.parent == one.code):
        return f"没有上级指标 {one.parent}"
    below = [code for code, parent in above.items() if parent == one.code]
    deepest = 1 + bool(below) + any(parent in below for parent in above.values())
    return "指标最多三级" if _depth(one) - 1 + deepest > len("ABC") else ""


def tree_of(scheme: SchemeRecord) -> Tree:
    """The indicators that are there, as they are scored."""
    rows = scheme.indicators.filter(archived_at=None)  # type: ignore[attr-defined]
    return Tree(Indicator(one.code, one.title, one.parent, one.scale(), one.weight) for one in rows)


def details_of(scheme: SchemeRecord) -> dict[str, str]:
    """What is said about each indicator, by code."""
    rows = scheme.indicators.filter(archived_at=None).exclude(detail="")  # type: ignore[attr-defined]
    return dict(rows.values_list("code", "detail"))


def copy_scheme(actor: Actor, scheme: SchemeRecord, title: str) -> SchemeRecord:
    """The same indicators under a new title, free to be changed; Rejected for a title that is taken."""
    taken = type(scheme).unguarded.filter(org=scheme.org, title=title, archived_at=None)
    if taken.exists():
        raise Rejected({"title": "已有同名的评估类别"})
    made = create(actor, type(scheme)(org=scheme.org, title=title, note=scheme.note))
    rows = scheme.indicators.filter(archived_at=None)  # type: ignore[attr-defined]
    names = ("code", "title", "parent", *SCALED, "weight", "detail", "place")
    create_all(
        actor,
        [type(one)(org=one.org, scheme=made, **{name: getattr(one, name) for name in names}) for one in rows],
    )
    return made

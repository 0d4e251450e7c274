"""Editions of the requirements, side by side; an area chooses one from a day on (N1.06, N1.09)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock

# What an image must show, the least first, as the data files name it.
GRADES = [
    ("activity", "清晰显示区域内人员活动情况"),
    ("activity_order", "清晰显示区域内人员活动和治安秩序"),
    ("person", "清楚辨别进出人员体貌特征"),
    ("person_vehicle", "清楚辨别进出人员体貌特征及车辆车型、车牌号"),
]


class Level(models.TextChoices):
    """How binding a requirement is: only an unmet must makes a school non-compliant."""

    MUST = "must", "应"
    SHOULD = "should", "宜"


COMPARISONS = [(">=", "不低于"), ("<=", "不超过")]
UNITS = {"day": "天", "hour": "小时", "minute": "分钟", "m": "米", "device": "台"}


class Edition(Record):
    """One edition of the requirement set, as a unit loaded it for all below."""

    INHERITED = True

    code = models.CharField("版次", max_length=60)
    title = models.CharField("名称", max_length=120)

    class Meta(Record.Meta):
        verbose_name = "标准版本"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code"],
                name="site_security_edition_once",
                condition=models.Q(archived_at=None),
                violation_error_message="这个版次已经载入",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The edition's page."""
        return f"/site-security/editions/{self.pk}/"


class LocationKind(Record):
    """A kind of key location; ``condition`` names what a school may lack, ``general`` ones concern the whole school,
    places of ``kept`` ones have a keeper, and under ``further`` a school sets up places beyond the kinds.
    """

    INHERITED = True

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="kinds", verbose_name="标准版本")
    code = models.CharField("代码", max_length=30)
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("部位类别", max_length=60)
    condition = models.CharField("适用条件", max_length=40, blank=True)
    general = models.BooleanField("全校通用", default=False)
    kept = models.BooleanField("要有管理人员", default=False)
    further = models.BooleanField("可增设其他部位", default=False)

    class Meta(Record.Meta):
        verbose_name = "部位类别"
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="site_security_kind_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Requirement(Record):
    """One requirement; without ``school_types`` it applies to every school."""

    INHERITED = True

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="requirements", verbose_name="标准版本")
    kind = models.ForeignKey(
        LocationKind, models.PROTECT, related_name="requirements", verbose_name="部位类别"
    )
    code = models.CharField("编号", max_length=30)
    text = models.TextField("要求")
    level = models.CharField("程度", max_length=6, choices=Level.choices)
    measure = models.CharField("措施类型", max_length=20, db_index=True)
    school_types = models.JSONField("适用学校类型", default=list, blank=True)
    condition = models.CharField("适用条件", max_length=40, blank=True)
    metric = models.CharField("对照的登记值", max_length=40, blank=True)
    op = models.CharField("比较", max_length=2, choices=COMPARISONS, blank=True)
    bound = models.DecimalField("限值", max_digits=9, decimal_places=2, null=True, blank=True)
    unit = models.CharField("计量单位", max_length=10, blank=True)
    grade = models.CharField("图像等级", max_length=20, blank=True, choices=GRADES)

    class Meta(Record.Meta):
        verbose_name = "防护要求"
        ordering = ["kind__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="site_security_requirement_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        """The requirement's page."""
        return f"/site-security/requirements/{self.pk}/"

    @property
    def limit(self) -> str:
        """The threshold in words; empty where there is none."""
        if self.bound is None:
            return ""
        return f"{self.get_op_display()} {self.bound.normalize():f} {self.unit}"

    def reached(self, value: Decimal) -> bool:
        """Whether a recorded value keeps the threshold; one without any is kept by none."""
        if self.bound is None:
            return False
        return value >= self.bound if self.op == ">=" else value <= self.bound

    def applies_to(self, school_type: str) -> bool:
        """Whether it is meant for schools of this type."""
        return not self.school_types or not school_type or school_type in self.school_types

    def same_as(self, other: "Requirement") -> bool:
        """Whether a school that answered the other one has answered this one."""
        names = (
            "code", "text", "level", "measure", "school_types", "condition", "op", "bound", "unit", "grade",
        )  # fmt: skip
        return all(getattr(self, name) == getattr(other, name) for name in names)


class EditionChoice(Record):
    """The area (``org``) goes by this edition from ``since`` on."""

    INHERITED = True

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="choices", verbose_name="标准版本")
    since = models.DateField("换用日期", db_index=True)

    class Meta(Record.Meta):
        verbose_name = "版本选用"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "since"],
                name="site_security_choice_once",
                condition=models.Q(archived_at=None),
                violation_error_message="这一天已经选了版本",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.edition}"

    def clean(self) -> None:
        """Only an edition loaded by the unit itself or above it."""
        if self.org_id and self.edition_id and self.edition.org.code not in self.org.ancestor_codes():
            raise ValidationError({"edition": "只能选本单位或上级载入的版本"})


def edition_for(unit: OrgUnit, day: date | None = None) -> Edition | None:
    """The edition a unit goes by: the latest choice of the nearest area that made one."""
    rows: Any = EditionChoice.objects.unscoped().filter(
        archived_at=None, org__code__in=unit.ancestor_codes(), since__lte=day or clock.today()
    )
    choices = sorted(rows.select_related("edition", "org"), key=lambda row: (len(row.org.path), row.since))
    return choices[-1].edition if choices else None

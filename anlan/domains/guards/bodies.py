"""Security organisations: a school's own office, or a company with its licence; and contracts (SAF.48, D15.1)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock
from anlan.kernel.identifiers import credit_code_fault, telephone_fault

KINDS = [("office", "本单位保卫机构"), ("company", "保安服务公司")]


def valid_credit_code(code: str) -> None:
    """Validator: refuse a credit code that fails its check."""
    if fault := credit_code_fault(code):
        raise ValidationError(fault)


class Body(Entry):
    """An office of the unit ``org``, or a company entered for it and those below it."""

    INHERITED = True

    kind = models.CharField("类别", max_length=8, choices=KINDS, default="company", db_index=True)
    name = models.CharField("机构名称", max_length=80)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, db_index=True, validators=[valid_credit_code]
    )
    licence_number = models.CharField("保安服务许可证编号", max_length=40, blank=True)
    licence_until = models.DateField("许可证有效期至", null=True, blank=True, db_index=True)
    head = models.CharField("负责人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    note = models.CharField("职责说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "保卫机构"
        ordering = ["name"]
        constraints = [
            unique("guards_body_once", "org name", "已有同名的机构"),
            models.UniqueConstraint(
                fields=["org", "credit_code"],
                name="guards_body_code_once",
                condition=Q(archived_at=None) & ~Q(credit_code=""),
                violation_error_message="这个信用代码已经登记",
            ),
        ]

    def clean(self) -> None:
        """A company is known by its credit code and licence; what a superior entered is not entered again."""
        faults: dict[str, str] = {}
        if self.kind == "company" and not self.credit_code:
            faults["credit_code"] = "请填写信用代码"
        if self.kind == "company" and not self.licence_number:
            faults["licence_number"] = "请填写许可证编号"
        if self.phone and (fault := telephone_fault(self.phone)):
            faults["phone"] = fault
        if self._doubled():
            faults["name"] = "上级单位已登记这家机构，直接选用即可"
        if faults:
            raise ValidationError(faults)

    def _doubled(self) -> bool:
        same = Q(name=self.name) | (Q(credit_code=self.credit_code) if self.credit_code else Q(pk__in=[]))
        above = Body.unguarded.filter(same, org__code__in=self.org.ancestor_codes(), archived_at=None)
        return bool(self.archived_at is None and above.exclude(org=self.org_id).exists())


class Contract(Entry):
    """A company guards posts of a school for a period."""

    body = models.ForeignKey(
        Body,
        models.PROTECT,
        related_name="contracts",
        verbose_name="保安公司",
        limit_choices_to={"kind": "company"},
    )
    posts = models.CharField("承包岗位", max_length=60, default="全部岗位")
    guards = models.PositiveSmallIntegerField("约定人数", validators=[MinValueValidator(1)])
    price = models.DecimalField(
        "合同金额（元）", max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", db_index=True)
    overlap = models.CharField("与其他合同重叠的理由", max_length=200, blank=True)
    assessment = models.CharField("考核情况", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "保安服务合同"
        ordering = ["-ends_on"]

    def __str__(self) -> str:
        return f"{self.body}（{self.starts_on} 至 {self.ends_on}）"

    def clean(self) -> None:
        """Refuse a reversed period, and the same posts twice at a time unless a reason is given."""
        if self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "止期不能早于起期"})
        others: Any = Contract.unguarded.filter(
            org=self.org_id, archived_at=None, starts_on__lte=self.ends_on, ends_on__gte=self.starts_on
        ).exclude(pk=self.pk)
        same = others if self.posts == "全部岗位" else others.filter(posts__in=(self.posts, "全部岗位"))
        if self.archived_at is None and not self.overlap.strip() and same.exists():
            raise ValidationError({"overlap": "同一岗位在这段时间已有合同，确有需要的请写明理由"})


def in_force(prefix: str = "") -> Q:
    """Condition: the contract runs today."""
    today = clock.today()
    return Q(
        **{f"{prefix}starts_on__lte": today, f"{prefix}ends_on__gte": today, f"{prefix}archived_at": None}
    )

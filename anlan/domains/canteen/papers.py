"""Companies that serve canteens, and their contracts (D10.2)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.canteen.canteens import OfCanteen
from anlan.engines.org.api import Record
from anlan.kernel.identifiers import credit_code_fault

SERVICES = [
    ("catering", "餐饮经营"),
    ("supply", "食材供应"),
    ("waste", "废弃物收运"),
    ("pest", "有害生物防制"),
    ("other", "其他"),
]


def valid_credit_code(code: str) -> None:
    """Validator: refuse a credit code that fails its check."""
    if fault := credit_code_fault(code):
        raise ValidationError(fault)


class Company(Record):
    """A company that serves canteens: caters, supplies, takes waste away."""

    INHERITED = True

    name = models.CharField("单位名称", max_length=80)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, db_index=True, validators=[valid_credit_code]
    )
    service = models.CharField("服务类别", max_length=10, choices=SERVICES, default="catering", db_index=True)
    licence_number = models.CharField("许可证编号", max_length=40, blank=True)
    licence_until = models.DateField("许可证有效期至", null=True, blank=True, db_index=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)

    class Meta(Record.Meta):
        verbose_name = "食堂服务单位"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "credit_code"],
                name="canteen_company_once",
                condition=Q(archived_at=None),
                violation_error_message="这家单位已经登记",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/companies/{self.pk}/"


class Contract(OfCanteen):
    """A company serves a canteen for a period; kept as history."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="contracts", verbose_name="服务单位")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", db_index=True)
    exclusive = models.BooleanField("独家经营", default=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "食堂服务合同"
        ordering = ["-ends_on"]

    def __str__(self) -> str:
        return f"{self.company}（{self.starts_on} 至 {self.ends_on}）"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/contracts/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """A reversed period; two exclusive contracts of one canteen at a time."""
        if self.ends_on < self.starts_on:
            return {"ends_on": "止期不能早于起期"}
        others: Any = Contract.objects.unscoped().filter(
            canteen=self.canteen_id,
            exclusive=True,
            archived_at=None,
            starts_on__lte=self.ends_on,
            ends_on__gte=self.starts_on,
        )
        if self.exclusive and others.exclude(pk=self.pk).exists():
            return {"starts_on": "这个食堂在这段时间已有独家合同"}
        return {}

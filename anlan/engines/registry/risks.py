"""The common classification of campus risks, chosen in every module through :func:`risk_field` (X.16)."""

from typing import Any

from django.db import models

from anlan.engines.forms.api import HAZARD_CATEGORY, offer_words
from anlan.engines.org.api import OrgUnit, Record

OFFERED = {"retired": False, "archived_at": None}


class RiskCategory(Record):
    """A kind of risk; renamed or taken out of use, deleted only while nothing names it.

    Records name it by key, check items by ``code``; see ``base.risk_uses`` for who does.
    """

    INHERITED = True

    code = models.SlugField("代码", max_length=30)
    title = models.CharField("名称", max_length=40)
    retired = models.BooleanField("停用", default=False)
    order = models.PositiveSmallIntegerField("次序", default=100)

    class Meta(Record.Meta):
        verbose_name = "风险类别"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code"],
                name="registry_risk_code_once",
                violation_error_message="这个代码已用过（包括已停用、已删除的类别）",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/base/risk-categories/{self.pk}/"


def risk_field(title: str, **options: Any) -> Any:
    """A reference to a kind; one taken out of use stays on old records and is not offered for new ones."""
    return models.ForeignKey(
        RiskCategory,
        models.PROTECT,
        related_name="+",
        verbose_name=title,
        limit_choices_to=OFFERED,
        **options,
    )


def categories_at(unit: OrgUnit) -> models.QuerySet[RiskCategory]:
    """The kinds in use at a unit: its own and those its superiors laid down."""
    rows: models.QuerySet[RiskCategory] = RiskCategory.objects.unscoped()
    return rows.filter(org__code__in=unit.ancestor_codes(), **OFFERED)


def _past(unit: OrgUnit) -> models.QuerySet[Any, Any]:
    rows = RiskCategory.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), retired=True)
    return rows.values_list("code", "title")


offer_words(HAZARD_CATEGORY, lambda unit: categories_at(unit).values_list("code", "title"), past=_past)

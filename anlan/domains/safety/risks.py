"""The common classification of campus risks and the four grades (X.16, ui.md 3.3)."""

from django.db import models

from anlan.engines.forms.api import HAZARD_CATEGORY, HAZARD_GRADE, offer_words
from anlan.engines.org.api import OrgUnit, Record

IN_USE = {"retired": False}


class Grade(models.TextChoices):
    """Risk grade of a hazard; colours are fixed by the design."""

    MAJOR = "major", "重大"
    LARGE = "large", "较大"
    GENERAL = "general", "一般"
    LOW = "low", "低"


class RiskCategory(Record):
    """A kind of risk; used by check items, hazards, quick reports, incidents, plans and statistics."""

    INHERITED = True

    code = models.SlugField("代码", max_length=30)
    title = models.CharField("名称", max_length=40)
    retired = models.BooleanField("停用", default=False)
    order = models.PositiveSmallIntegerField("次序", default=100)

    class Meta(Record.Meta):
        verbose_name = "风险类别"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="safety_risk_code_once")]

    def __str__(self) -> str:
        return self.title


def categories_at(unit: OrgUnit) -> models.QuerySet[RiskCategory]:
    """The kinds in use at a unit: its own and those its superiors laid down."""
    rows: models.QuerySet[RiskCategory] = RiskCategory.objects.unscoped()
    return rows.filter(org__code__in=unit.ancestor_codes(), retired=False, archived_at=None)


offer_words(HAZARD_CATEGORY, lambda unit: categories_at(unit).values_list("code", "title"))
offer_words(HAZARD_GRADE, lambda unit: Grade.choices)

"""The common classification of campus risks and the four grades (X.16, ui.md 3.3)."""

from django.db import models

from anlan.engines.org.api import Record

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

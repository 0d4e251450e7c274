"""Permits that expire, and pumps with a cycle and a life: what the registry does with dates."""

from django.db import models
from django.urls import reverse

from anlan.engines.org.api import Record
from anlan.engines.registry.api import Equipment


class Permit(Record):
    """A permit of a unit."""

    name = models.CharField("名称", max_length=40)
    number = models.CharField("编号", max_length=40)
    holder = models.CharField("持证人姓名", max_length=20, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "许可证"
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="sample_permit_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("sample.permits:detail", args=[self.pk])


class Pump(Equipment):
    """A pump, tested every half year."""

    class Kind(models.TextChoices):
        SMALL = "small", "小型"
        BIG = "big", "大型"

    code = models.CharField("编号", max_length=20)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.SMALL)
    made_on = models.DateField("出厂日期", null=True, blank=True)

    class Meta(Equipment.Meta):
        verbose_name = "水泵"
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="sample_pump_once")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("sample.pumps:detail", args=[self.pk])

"""What nobody does since somebody left, until another is named (X.23)."""

from typing import Any

from django.apps import apps
from django.db import models

from anlan.base.handing_on import Duty, duties
from anlan.base.people import Person


class Vacancy(models.Model):
    """A field of a row that ``person`` left empty (or still stands in, where it may not be) until another is named."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="vacancies", verbose_name="离岗人员")
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=60)

    class Meta:
        verbose_name = "离岗空缺"
        ordering = ["model", "object_id"]
        indexes = [models.Index(fields=["model", "object_id"], name="base_vacancy_object")]

    @property
    def duty(self) -> Duty:
        """The declaration behind it."""
        return duties[f"{self.model}.{self.field}"]

    @property
    def row(self) -> Any:
        """The row that needs somebody."""
        return apps.get_model(self.model).unguarded.get(pk=self.object_id)

"""What a person keeps for a list: own views, and which columns show (ui.md 7.5)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock


class SavedView(models.Model):
    """A query string with a name; shared ones are offered to everybody whose own unit is ``unit``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.CASCADE, null=True, related_name="+")
    ledger = models.CharField(max_length=80)
    title = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "视图"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "ledger", "title"], name="registry_view_once")]

    def __str__(self) -> str:
        return self.title


class ColumnChoice(models.Model):
    """Columns a person hid from a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ledger = models.CharField(max_length=80)
    hidden = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "列选择"
        constraints = [models.UniqueConstraint(fields=["user", "ledger"], name="registry_columns_once")]


def views_of(user: Any, ledger: str) -> models.QuerySet[SavedView]:
    """The person's own views and those shared within the own unit."""
    shared = Q(unit_id=user.unit_id) if user.unit_id else Q(pk__in=[])
    return SavedView.objects.filter(Q(user=user) | shared, ledger=ledger)


def hidden_columns(user: Any, ledger: str) -> frozenset[str]:
    """Names of the columns the person hid."""
    said = ColumnChoice.objects.filter(user=user, ledger=ledger).values_list("hidden", flat=True).first()
    return frozenset((said or "").split())

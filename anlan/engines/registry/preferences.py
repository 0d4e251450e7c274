"""What a person keeps for a list: own views, and which columns show (ui.md 7.5)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock

SHARE_VIEWS = "registry.views.share"
LIST, REPORT = "", "report"


class SavedView(models.Model):
    """A query string with a name, for the list or the report of a ledger (``page``); shared ones are offered to
    everybody whose own unit is ``unit``.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.CASCADE, null=True, related_name="+")
    ledger = models.CharField(max_length=80)
    page = models.CharField(max_length=10, default=LIST, blank=True)
    title = models.CharField("名称", max_length=20)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "视图"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "ledger", "page", "title"], name="registry_view_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Its address below that of the ledger."""
        return f"{self.page}?{self.query}"


class ListChoice(models.Model):
    """How a person wants a list: columns hidden, and the view it opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ledger = models.CharField(max_length=80)
    hidden = models.CharField(max_length=1000, blank=True)
    first = models.ForeignKey(SavedView, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "列表习惯"
        constraints = [models.UniqueConstraint(fields=["user", "ledger"], name="registry_columns_once")]


@dataclass(frozen=True)
class Habits:
    """Columns a person hid from a list, and the query string it opens with."""

    hidden: frozenset[str] = frozenset()
    first: int | None = None
    query: str = ""


def views_of(user: Any, ledger: str, page: str = LIST) -> models.QuerySet[SavedView]:
    """The person's own views of a page and those shared within the own unit."""
    shared = Q(unit_id=user.unit_id) if user.unit_id else Q(pk__in=[])
    return SavedView.objects.filter(Q(user=user) | shared, ledger=ledger, page=page)


def habits_of(user: Any, ledger: str) -> Habits:
    """What the person chose for this list."""
    kept = ListChoice.objects.filter(user=user, ledger=ledger).select_related("first").first()
    if kept is None:
        return Habits()
    return Habits(frozenset(kept.hidden.split()), kept.first_id, kept.first.query if kept.first else "")


def keep(user: Any, ledger: str, **values: Any) -> None:
    """Store what the person chose for this list."""
    ListChoice.objects.update_or_create(user=user, ledger=ledger, defaults=values)

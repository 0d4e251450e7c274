"""Holds: what a case or an inquiry into accountability needs is not destroyed while the hold lasts (X.17)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.kinds import choices
from anlan.engines.audit.api import Actor, Written, change
from anlan.engines.org.api import below
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

CHUNK = 500


class Hold(Entry):
    """A hold on the data of a unit and below: of one kind or all, of matters ended between two days."""

    title = models.CharField("案由", max_length=100)
    number = models.CharField("案号", max_length=60, blank=True)
    kind = models.CharField("数据种类", max_length=30, choices=choices, blank=True, help_text="留空为全部")
    since = models.DateField("数据起始日", null=True, blank=True)
    until = models.DateField("数据截止日", null=True, blank=True)
    reason = models.TextField("冻结理由", max_length=500)
    released_at = models.DateTimeField("解除时间", null=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "冻结"
        ordering = ["-pk"]

    def clean(self) -> None:
        """A period runs forward."""
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": "截止日不能早于起始日"})

    @property
    def condition(self) -> Q:
        """The holdings it covers."""
        said = below((self.org.path,))
        if self.kind:
            said &= Q(kind=self.kind)
        if self.since:
            said &= Q(ended_on__gte=self.since)
        return said & Q(ended_on__lte=self.until) if self.until else said


def in_force() -> Any:
    """Holds that last."""
    return Hold.objects.unscoped().filter(released_at=None, archived_at=None).select_related("org")


def holds_on(holding: Holding) -> list[Hold]:
    """The holds that cover a matter, newest first."""
    day, path = holding.ended_on, holding.org.path
    timely = Q(since=None) | Q(since__lte=day)
    found = in_force().filter(timely, Q(until=None) | Q(until__gte=day), kind__in=("", holding.kind))
    return [hold for hold in found if path.startswith(hold.org.path)]


def is_held(holding: Holding) -> bool:
    """Whether a hold covers the matter."""
    return bool(holds_on(holding))


@events.on(Written)
def take_hold(event: Written) -> None:
    """Handler: a new or changed hold marks what it covers in the same transaction; what is gone cannot be held."""
    if isinstance(event.record, Hold):
        _mark(event.record)


def _mark(hold: Hold) -> None:
    """The rows are marked by their keys and what they are now: a destruction at this moment comes before or after."""
    rows = Holding.unguarded.filter(hold.condition, gone_at=None)
    if hold.released_at is None and hold.archived_at is None:
        _set(list(rows.filter(held=False).values_list("pk", flat=True)), True)
    else:
        _set([row.pk for row in rows.filter(held=True).select_related("org") if not is_held(row)], False)


def _set(keys: list[int], held: bool) -> None:
    for first in range(0, len(keys), CHUNK):
        rows = Holding.unguarded.filter(pk__in=keys[first : first + CHUNK], gone_at=None)
        rows.update(held=held, version=F("version") + 1)


def release(actor: Actor, hold: Hold, reason: str) -> Hold:
    """End a hold; Conflict for one ended already."""
    if hold.released_at is not None:
        raise Conflict("这项冻结已经解除")
    said = f"{hold.reason}\n解除：{reason}"[:500]
    return change(actor, hold, {"released_at": clock.now(), "reason": said}, action="release")

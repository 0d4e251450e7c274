"""The trail read: by auditors with filters, by everybody else only the history of one object (X.15,
NF.216).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.audit.entries import AuditEntry
from anlan.engines.org.api import OrgUnit, require
from anlan.kernel import clock

VIEW, EXPORT = "audit.entries.view", "audit.entries.export"


@dataclass(frozen=True)
class Question:
    """What an auditor asks for; empty parts ask nothing."""

    person: str = ""
    action: str = ""
    target: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None
    outcome: str = ""

    def condition(self) -> Q:
        """The rows that answer."""
        found = Q()
        if self.person:
            found &= Q(actor__icontains=self.person) | Q(user__username=self.person.lower())
        if self.action:
            found &= Q(action__startswith=self.action)
        if self.target:
            found &= Q(title__icontains=self.target) | Q(model=self.target) | Q(object_id=self.target)
        if self.outcome:
            found &= Q(succeeded=self.outcome == "done")
        return found & self._of_unit() & self._within()

    def _of_unit(self) -> Q:
        if not self.unit:
            return Q()
        named = Q(code=self.unit) | Q(name__icontains=self.unit)
        paths = OrgUnit.objects.filter(named).values_list("path", flat=True)[:50]
        found = Q(pk__in=[])
        for path in paths:
            found |= Q(path__startswith=path)
        return found

    def _within(self) -> Q:
        found = Q()
        if self.since:
            found &= Q(at__gte=_midnight(self.since))
        if self.until:
            found &= Q(at__lte=datetime.combine(self.until, time.max, clock.zone()))
        return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone())


def entries_for(user: Any, permission: str = VIEW) -> models.QuerySet[AuditEntry]:
    """Entries of the units under the auditor; acts of no unit are for auditors of the topmost unit."""
    found = require(user, permission)
    condition = Q(pk__in=[])
    for path in found.paths:
        condition |= Q(path__startswith=path)
    roots = OrgUnit.objects.filter(parent=None).values_list("path", flat=True)
    if any(found.covers(path) for path in roots):
        condition |= Q(path="")
    return AuditEntry.objects.filter(condition).order_by("-pk")


def history(record: models.Model) -> models.QuerySet[AuditEntry]:
    """What happened to one object, newest first. The caller has already shown that the person may see the
    object.
    """
    rows = AuditEntry.objects.filter(model=record._meta.label_lower, object_id=str(record.pk))
    return rows.order_by("-pk")

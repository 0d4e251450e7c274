"""Data that is not filed but short-lived, such as whereabouts: what is past its time goes by night, and is reported.

Nothing of it is put to anybody's decision; a hold keeps it (NF.220). What the audit trail says of it goes when the
trail's own time is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max, Min, Q

from anlan.engines.archives.disposals import office_of
from anlan.engines.archives.holds import in_force
from anlan.engines.archives.keeping import Times
from anlan.engines.archives.kinds import choices, kinds
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry
from anlan.kernel import clock
from anlan.kernel.registry import Registry

CHUNK = 500


@dataclass(frozen=True)
class Transient:
    """Rows of a model that are deleted when their kind's time is over; ``day`` is the field that tells their day.

    ``done``: which rows nobody waits for any more.
    """

    model: str
    kind: str
    day: str
    done: Q = Q()  # noqa: RUF009

    def rows(self) -> Any:
        """Past every guard of the write path; nothing else deletes."""
        return models.QuerySet(apps.get_model(self.model)).filter(self.done)


def _faults(one: Transient) -> Iterator[str]:
    if one.kind not in kinds.codes():
        yield f"unknown kind {one.kind}"


transients: Registry[Transient] = Registry("short-lived data", _faults)


def short_lived(model: str, kind: str, day: str, done: Q | None = None) -> Transient:
    """Declare rows of ``app.Model`` as short-lived."""
    return transients.add(model.lower(), Transient(model, kind, day, done or Q()))


class Sweep(Entry):
    """What one run deleted of one kind under one office (``org``), and what holds kept back."""

    ran_on = models.DateField("清除日期", db_index=True, editable=False)
    kind = models.CharField("数据种类", max_length=30, choices=choices, editable=False, db_index=True)
    title = models.CharField("记录", max_length=60, editable=False)
    deleted = models.PositiveIntegerField("清除条数", default=0, editable=False)
    first = models.DateField("最早一条", null=True, editable=False)
    last = models.DateField("最晚一条", null=True, editable=False)
    spared = models.PositiveIntegerField("因冻结保留", default=0, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "到期清除"
        ordering = ["-ran_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.ran_on} {self.title}"


def sweep_transient() -> int:
    """Delete what is past its time, unit by unit; how many rows. May be repeated: what is gone is not found again."""
    times, deleted = Times(), 0
    for one in transients:
        units = OrgUnit.objects.filter(pk__in=one.rows().order_by().values("org").distinct())
        offices: dict[OrgUnit, list[OrgUnit]] = {}
        for unit in units.order_by("path"):
            offices.setdefault(office_of(unit), []).append(unit)
        for office, under in offices.items():
            deleted += _sweep(one, office, under, times)
    return deleted


@transaction.atomic
def _sweep(one: Transient, office: OrgUnit, units: list[OrgUnit], times: Times) -> int:
    """The rows of the units of one office, and the report about them, together or not at all."""
    said = Sweep(org=office, ran_on=clock.today(), kind=one.kind, title=_title(one))
    for unit in units:
        over = one.rows().filter(org=unit).filter(_before(one, times, unit))
        held = over.filter(_held(one, unit))
        going = over.exclude(pk__in=held.values("pk"))
        span = going.aggregate(first=Min(one.day), last=Max(one.day))
        said.spared += held.count()
        said.deleted += _delete(going)
        said.first = min(filter(None, (said.first, _day(span["first"]))), default=None)
        said.last = max(filter(None, (said.last, _day(span["last"]))), default=None)
    if said.deleted:
        create(SYSTEM, said)
    return said.deleted


def _delete(rows: Any) -> int:
    keys = list(rows.values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        models.QuerySet(rows.model).filter(pk__in=keys[first : first + CHUNK]).delete()
    return len(keys)


def _before(one: Transient, times: Times, unit: OrgUnit) -> Q:
    """Rows whose last day is over at this unit; none where they are kept for ever."""
    first = times.at(unit, one.kind).before(clock.today())
    return Q(pk__in=[]) if first is None else Q(**{f"{one.day}__lt": _moment(one, first)})


def _held(one: Transient, unit: OrgUnit) -> Q:
    """Rows a hold covers."""
    found = Q(pk__in=[])
    for hold in in_force().filter(kind__in=("", one.kind)):
        if unit.path.startswith(hold.org.path):
            said = {f"{one.day}__gte": _moment(one, hold.since)} if hold.since else {}
            if hold.until:
                said[f"{one.day}__lt"] = _moment(one, hold.until + timedelta(days=1))
            found |= Q(pk__isnull=False, **said)
    return found


def _moment(one: Transient, day: date) -> date | datetime:
    """The day, or its beginning where rows tell the time too."""
    field = apps.get_model(one.model)._meta.get_field(one.day)
    return datetime.combine(day, time(), clock.zone()) if isinstance(field, models.DateTimeField) else day


def _title(one: Transient) -> str:
    return str(apps.get_model(one.model)._meta.verbose_name)


def _day(moment: Any) -> date | None:
    return moment.astimezone(clock.zone()).date() if isinstance(moment, datetime) else moment

"""School calendar: terms, public holidays, make-up working days; the one calendar that deadlines count by."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from anlan.base.roles import ABOVE, IN_SCHOOL, VISITING, rights
from anlan.base.seed_files import SEEDS, rows_of
from anlan.engines.audit.api import Actor, create_all
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Ledger, ledger
from anlan.engines.tasks.api import provide_calendar, provide_terms


class DayKind(models.TextChoices):
    """What a span of days is."""

    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class CalendarSpan(Record):
    """Days off, or weekend days worked instead; the site has one calendar, the later entry wins."""

    INHERITED = True

    first = models.DateField("起", db_index=True)
    last = models.DateField("止", db_index=True)
    kind = models.CharField("类别", max_length=8, choices=DayKind.choices)
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=100, blank=True)
    verified = models.BooleanField("已核对", default=False)

    class Meta(Record.Meta):
        verbose_name = "节假日"
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["org", "first", "kind"], name="base_calendar_span_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first:%m-%d}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.calendar:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a reversed span."""
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": "止期不能早于起期"})


class Term(Record):
    """A school term of the unit and everything below it."""

    INHERITED = True

    name = models.CharField("学期", max_length=40)
    code = models.CharField("代码", max_length=10)
    first = models.DateField("开学")
    last = models.DateField("结束")

    class Meta(Record.Meta):
        verbose_name = "学期"
        ordering = ["-first"]
        constraints = [models.UniqueConstraint(fields=["org", "code"], name="base_term_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.terms:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a reversed term and one that overlaps another of the unit."""
        if not (self.first and self.last and self.org_id):
            return
        if self.last <= self.first:
            raise ValidationError({"last": "结束要晚于开学"})
        others = Term.unguarded.filter(org=self.org_id, archived_at=None).exclude(pk=self.pk)
        if others.filter(first__lte=self.last, last__gte=self.first).exists():
            raise ValidationError({"first": "与另一学期重叠"})


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``: Monday to Friday, corrected by the calendar."""
    spans = CalendarSpan.unguarded.filter(first__lte=day, last__gte=day, archived_at=None)
    kind = spans.order_by("-pk").values_list("kind", flat=True).first()
    return kind == DayKind.WORKDAY if kind else day.weekday() < 5


def loaded_calendar(first: date, last: date) -> Callable[[date], bool]:
    """The same answer for many days of a period from one query; for bulk work only."""
    spans = list(
        CalendarSpan.unguarded.filter(first__lte=last, last__gte=first, archived_at=None).order_by("-pk")
    )

    def works(day: date) -> bool:
        kind = next((span.kind for span in spans if span.first <= day <= span.last), None)
        return kind == DayKind.WORKDAY if kind else day.weekday() < 5

    return works


def term_of(unit: OrgUnit, day: date) -> Term | None:
    """The term that covers ``day`` at the unit: its own, or that of the nearest unit above."""
    rows = Term.unguarded.filter(first__lte=day, last__gte=day, archived_at=None)
    found: Term | None = (
        rows.filter(org__code__in=unit.ancestor_codes())
        .order_by(models.functions.Length("org__path").desc())
        .first()
    )
    return found


def load_holidays(actor: Actor, unit: OrgUnit) -> int:
    """Lay down the seed holidays at ``unit`` as unverified defaults; known ones stay. Returns how many."""
    known = set(CalendarSpan.unguarded.filter(org=unit).values_list("first", "kind"))
    fresh = [
        CalendarSpan(
            org=unit,
            first=first,
            last=date.fromisoformat(row["last"]),
            kind=row["kind"],
            name=row["name"],
            source=row["source"],
            verified=bool(row["verified"]),
        )
        for row in rows_of(SEEDS / "holidays.csv")
        if ((first := date.fromisoformat(row["first"])), row["kind"]) not in known
    ]
    return len(create_all(actor, fresh))


KEEPERS = rights(" ".join((*ABOVE, *IN_SCHOOL, *VISITING, "unit_admin")), "bureau_safety unit_admin")


@ledger
class Calendar(Ledger):
    """Holidays and make-up working days; seeds are unverified until somebody says so."""

    code = "base.calendar"
    model = CalendarSpan
    title = "节假日"
    area, group, order = "base", "校历", 120
    columns = "name kind first last source verified org"
    filters = "kind first verified"
    search = "name"
    key = "org first kind"
    form = "org name kind first last source verified"
    sort = "-first"
    example = {"name": "校庆", "kind": "holiday", "first": "2026-11-02", "last": "2026-11-02"}
    roles = KEEPERS


@ledger
class Terms(Ledger):
    """School terms."""

    code = "base.terms"
    model = Term
    title = "学期"
    area, group, order = "base", "校历", 110
    columns = "name code first last org"
    filters = "org"
    search = "name"
    key = "org code"
    form = "org name code first last"
    sort = "-first"
    example = {"name": "2026–2027学年第一学期", "code": "2026-1", "first": "2026-09-01", "last": "2027-01-20"}
    roles = KEEPERS


def terms_between(unit: OrgUnit, first: date, last: date) -> list[tuple[date, date]]:
    """First and last days of the terms that touch the period, as laid down nearest above the unit."""
    rows = Term.unguarded.filter(first__lte=last, last__gte=first, archived_at=None)
    found = list(rows.filter(org__code__in=unit.ancestor_codes()).values_list("org__path", "first", "last"))
    nearest = max((len(path) for path, _, _ in found), default=0)
    return sorted((begin, end) for path, begin, end in found if len(path) == nearest)


provide_calendar(is_working_day)
provide_terms(terms_between)

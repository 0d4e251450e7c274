"""A province of 3,700 schools with its inspections: forms, tasks, sheets, ten million answers, hazards.

Everything follows from the numbers by arithmetic, so every run makes the same rows. A tenth of the answers makes
a tenth of the sheets over the same schools.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import (
    PURPOSE,
    InspectionMode,
    InspectionPlan,
    InspectionRound,
    InspectionTask,
)
from anlan.engines.forms.api import (
    Answer,
    FormDefinition,
    FormVersion,
    Item,
    ItemCategory,
    Response,
    ancestor_ids,
    recompute,
)
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, Kind, OrgUnit, Role
from anlan.engines.registry.api import RiskCategory
from bench.copying import copy, without_indexes

CITIES, COUNTIES, TOWNS, SCHOOLS = 10, 100, 300, 3_700
FORMS, QUESTIONS = 10, 30
DAYS = 360
FIRST = date(2025, 9, 1)
DUE = datetime(2026, 8, 31, tzinfo=UTC)
ROLE = "upper_safety"


@dataclass(frozen=True)
class Province:
    """Sizes of one made province; ids count from ``base`` so that they are known before the rows are there."""

    answers: int

    @property
    def visits(self) -> int:
        """How often each school was checked."""
        return max(1, self.answers // QUESTIONS // SCHOOLS)

    @property
    def sheets(self) -> int:
        """Filled-in forms."""
        return self.visits * SCHOOLS

    @cached_property
    def units(self) -> dict[str, list[OrgUnit]]:
        """Units by kind, in order."""
        found: dict[str, list[OrgUnit]] = {}
        for unit in OrgUnit.objects.order_by("pk"):
            found.setdefault(unit.kind, []).append(unit)
        return found

    def officer(self, kind: str) -> User:
        """Whoever looks after the last unit of a kind; made on first sight."""
        unit = self.units[kind][-1]
        user, fresh = User.objects.get_or_create(
            username=f"bench-{kind}", defaults={"name": kind, "unit": unit, "must_change_password": False}
        )
        if fresh:
            Grant.objects.create(user=user, role=Role.objects.get(code=ROLE), unit=unit)
        return user

    def build(self) -> None:
        """Fill the empty database."""
        self._units()
        self._forms()
        self._sheets()
        schools = [(school.pk, *ancestor_ids(school).values()) for school in self.units[Kind.SCHOOL]]
        with without_indexes(Answer):
            copy(Answer, ANSWER, self._answers(_ids(Item), schools))
        self._hazards()
        recompute()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _units(self) -> None:
        above: list[OrgUnit] = [OrgUnit.objects.create(code="P", name="省教育厅", kind=Kind.PROVINCE)]
        for kind, letter, number in (
            (Kind.CITY, "C", CITIES),
            (Kind.COUNTY, "X", COUNTIES),
            (Kind.TOWNSHIP, "T", TOWNS),
            (Kind.SCHOOL, "S", SCHOOLS),
        ):
            made = [
                OrgUnit(
                    code=f"{letter}{at}",
                    name=f"{kind.label}{at}",
                    kind=kind,
                    parent=(parent := above[at % len(above)]),
                    path=f"{parent.path}{letter}{at}/",
                )
                for at in range(number)
            ]
            above = OrgUnit.objects.bulk_create(made)

    def _forms(self) -> None:
        top = OrgUnit.objects.get(code="P")
        people = [User(username=f"inspector{at}", name=f"巡查员{at}", unit=top) for at in range(COUNTIES)]
        User.objects.bulk_create(people)
        category = ItemCategory.unguarded.create(org=top, title="消防", code="fire")
        risk = RiskCategory.unguarded.create(org=top, code="fire", title="消防安全")
        mode = InspectionMode.unguarded.create(org=top, title="日常巡查", category=risk)
        Item.unguarded.bulk_create(
            Item(org=top, category=category, wording=f"第{at}项", standard="合格")
            for at in range(FORMS * QUESTIONS)
        )
        for at in range(FORMS):
            form = FormDefinition.unguarded.create(
                org=top, title=f"第{at}号检查表", subject="消防", current=1
            )
            FormVersion.unguarded.create(org=top, definition=form, number=1, title=form.title, content={})
            plan = InspectionPlan.unguarded.create(
                org=top, title=f"第{at}号巡查", mode=mode, form=form, ends_on=FIRST + timedelta(days=DAYS)
            )
            InspectionRound.unguarded.bulk_create(
                InspectionRound(org=top, plan=plan, number=visit + 1, opens_on=FIRST, due_at=DUE)
                for visit in range(self.visits)
            )

    def _sheets(self) -> None:
        versions, rounds = _ids(FormVersion), _ids(InspectionRound)
        people = _ids(User.objects.filter(username__startswith="inspector"))
        schools = [school.pk for school in self.units[Kind.SCHOOL]]

        def responses() -> Iterator[tuple[Any, ...]]:
            for at in range(self.sheets):
                org, version, moment = (
                    schools[at % SCHOOLS],
                    versions[self._form(at)],
                    f"{self._day(at)}T02:00Z",
                )
                yield at + 1, UUID(int=at), org, version, PURPOSE, "submitted", moment, moment

        def tasks() -> Iterator[tuple[Any, ...]]:
            for at in range(self.sheets):
                org, form, moment = schools[at % SCHOOLS], self._form(at), f"{self._day(at)}T09:00Z"
                held = rounds[form * self.visits + at // SCHOOLS], people[at % COUNTIES], versions[form]
                state = "completed" if (at + at // SCHOOLS) % 20 else "pending"
                yield at + 1, UUID(int=at), org, *held, state, moment, moment, moment, at + 1

        copy(Response, "id uid org_id form_version_id purpose state submitted_at started_at", responses())
        copy(
            InspectionTask,
            "id uid org_id round_id assignee_id form_version_id state due_at created_at submitted_at response_id",
            tasks(),
        )

    def _form(self, sheet: int) -> int:
        return (sheet + sheet // SCHOOLS) % FORMS

    def _day(self, sheet: int) -> date:
        step = max(1, DAYS // self.visits)
        return FIRST + timedelta(days=min(DAYS - 1, sheet // SCHOOLS * step + sheet % step))

    def _answers(self, items: list[int], schools: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        at = 0
        for sheet in range(self.sheets):
            form, place, day = self._form(sheet), schools[sheet % SCHOOLS], self._day(sheet)
            moment = f"{day}T02:00Z"
            for question in range(QUESTIONS):
                at += 1
                grade = (sheet * 31 + question * 7) % 100
                verdict = "fail" if grade < 6 else "not_applicable" if grade < 10 else "pass"
                yield (
                    at, sheet + 1, f"q{question}", items[form * QUESTIONS + question], UUID(int=at), moment, verdict,
                    day, *place,
                )  # fmt: skip

    def _hazards(self) -> None:
        category, schools = RiskCategory.unguarded.get().pk, [school.pk for school in self.units[Kind.SCHOOL]]

        def hazards() -> Iterator[tuple[Any, ...]]:
            for at in range(self.sheets // 3):
                org, moment = schools[at * 7 % SCHOOLS], f"{self._day(at * 3)}T02:00Z"
                state = ("closed", "reported", "fixing")[at % 3]
                yield at + 1, UUID(int=at), org, f"YH-{at}", f"通道堵塞{at}", category, state, moment, moment

        copy(Hazard, "id uid org_id number title category_id state found_at created_at", hazards())


ANSWER = "id response_id question item_id uid at verdict day org_id province_id city_id county_id township_id"


def _ids(rows: Any) -> list[int]:
    rows = rows if isinstance(rows, QuerySet) else rows.unguarded
    return list(rows.order_by("pk").values_list("pk", flat=True))


def made(answers: int) -> Province:
    """The province of this size, made unless the database holds it."""
    province = Province(answers)
    started = perf_counter()
    if not OrgUnit.objects.exists():
        province.build()
        print(
            f"bench: made {Answer.objects.count():,} answers in {perf_counter() - started:.0f} s", flush=True
        )
    return province

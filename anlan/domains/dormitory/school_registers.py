"""Boarding schools with what the bureau counts: beds, boarders, keepers, roll calls, missing pupils (D17.7)."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.schools import School
from anlan.domains.dormitory.boarder_registers import Boarders
from anlan.domains.dormitory.boarders import Boarder, living
from anlan.domains.dormitory.building_registers import Beds, Buildings, beds, number_at
from anlan.domains.dormitory.buildings import Building, in_use, occupied_beds
from anlan.domains.dormitory.check_registers import Checks
from anlan.domains.dormitory.keepers import Keeper, working
from anlan.domains.dormitory.night_registers import Absences, RollCalls
from anlan.domains.dormitory.roll_calls import Absence, RollCall, unexplained
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.registry.api import Ledger, Personal, computed, ledger, ledgers
from anlan.kernel import clock
from anlan.kernel.numbers import share

PERIOD = timedelta(days=30)


def percent(part: int, whole: int) -> str:
    """A share in words; empty where there is no whole."""
    found = share(part, whole)
    return "" if found is None else f"{found:.0%}"


def boards() -> Q:
    """Condition on schools: the profile says that pupils board here, or there is a building for them."""
    return Q(boarders__gt=0) | Q(
        Exists(Building.unguarded.filter(in_use(), org=OuterRef("org"), archived_at=None))
    )


@ledger
class BoardingSchools(Ledger):
    """Schools with boarders or buildings in use; day schools are not among them."""

    code = "dormitory.schools"
    model = School
    readonly = True
    title, noun, icon = "住宿学校", "所", "school"
    area, group, order = "dormitory", "统计", 5
    columns = "name town houses beds lived rate pupils_here keepers per_keeper called missing open"
    filters = "kind town"
    search = "name short_name pinyin initials"
    sort = "org__path"
    photos = ""
    example = {"name": "演示寄宿学校", "pupils": 420, "boarders": 120}
    personal = {"office_phone": Personal("学校对外联系", "单位公开信息", "随学校档案")}
    views = {"有未查明去向的学生": "missing=1", "没有宿管员": "keeperless=1"}
    marks = {"missing": lambda: Q(lost__gt=0), "keeperless": lambda: Q(keeping=0)}
    roles = {"view": " ".join((*ABOVE, *AT_SCHOOL)), "export": "bureau_safety bureau_leader"}

    def refine(self, rows: Any) -> Any:
        """With everything counted; roll calls of the last thirty nights."""
        since = clock.today() - PERIOD
        calls = RollCall.unguarded.filter(night__gte=since, due_at__lt=clock.now(), archived_at=None)
        return rows.filter(boards()).annotate(
            buildings=number_at(Building.unguarded.filter(in_use(), archived_at=None)),
            all_beds=number_at(beds()),
            taken=number_at(occupied_beds()),
            living=number_at(Boarder.unguarded.filter(living())),
            keeping=number_at(Keeper.unguarded.filter(working(), archived_at=None)),
            calls=number_at(calls),
            called_in_time=number_at(calls.filter(taken_at__lte=F("due_at"))),
            lost=number_at(Absence.unguarded.filter(unexplained())),
            all_lost=number_at(
                Absence.unguarded.filter(kind="missing", at__date__gte=since, archived_at=None)
            ),
        )

    @computed("宿舍楼", "number", sort="buildings")
    def houses(self, row: Any) -> int:
        """Buildings in use."""
        return int(row.buildings)

    @computed("床位", "number", sort="all_beds")
    def beds(self, row: Any) -> int:
        """All beds."""
        return int(row.all_beds)

    @computed("已住床位", "number", sort="taken")
    def lived(self, row: Any) -> int:
        """Beds somebody lies on."""
        return int(row.taken)

    @computed("入住率")
    def rate(self, row: Any) -> str:
        """Share of beds somebody lies on."""
        return percent(row.taken, row.all_beds)

    @computed("住宿学生", "number", sort="living")
    def pupils_here(self, row: Any) -> int:
        """Boarders."""
        return int(row.living)

    @computed("宿管员", "number", sort="keeping")
    def keepers(self, row: Any) -> int:
        """Keepers at work."""
        return int(row.keeping)

    @computed("每名宿管员管学生", "number")
    def per_keeper(self, row: Any) -> int | None:
        """Boarders to a keeper, rounded up; nothing without keepers."""
        return -(-row.living // row.keeping) if row.keeping else None

    @computed("30 天按时点名率")
    def called(self, row: Any) -> str:
        """Share of roll calls taken in time."""
        return percent(row.called_in_time, row.calls)

    @computed("30 天未归", "number", sort="all_lost")
    def missing(self, row: Any) -> int:
        """Cases of missing pupils."""
        return int(row.all_lost)

    @computed("未查明", "number", sort="lost")
    def open(self, row: Any) -> int:
        """Cases nobody has explained."""
        return int(row.lost)


SCHOOLS, CALLS, CASES = ledgers[BoardingSchools.code], ledgers[RollCalls.code], ledgers[Absences.code]
LIVING = Figure("住宿学生", ledgers[Boarders.code], "living=1", "人")
TAKEN = Figure("已住床位", ledgers[Beds.code], "taken=1", "张")

declare_analysis(
    Analysis(
        "dormitory.houses",
        "宿舍统计",
        SCHOOLS.permission("view"),
        (
            Card("各单位已住床位", TAKEN, "org", most=10),
            Card("各单位没有按时点名", Figure("没有按时点名", CALLS, "untaken=1", "次"), "org", most=10),
            Card(
                "各单位转为隐患",
                Figure("宿舍检查转为隐患", ledgers[Checks.code], "hazard=1", "条"),
                "org",
                most=10,
            ),
        ),
        (
            Figure("住宿学校", SCHOOLS, "", "所"),
            Figure("宿舍楼", ledgers[Buildings.code], "", "栋"),
            Figure("床位", ledgers[Beds.code], "", "张"),
            TAKEN,
            LIVING,
            Figure("今晚无人值班", ledgers[Buildings.code], "gap=1", "栋"),
            Figure("没有按时点名", CALLS, "untaken=1", "次"),
            Figure("未查明去向", CASES, "open=1", "人次"),
        ),
        area="dormitory",
        group="统计",
        order=6,
    )
)

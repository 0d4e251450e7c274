"""The county that people work in while its server dies: schools, tasks to do, hazards to confirm, lamps to list."""

from typing import Any

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.engines.audit.api import SYSTEM, create_all
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.registry.api import RiskCategory
from tests.safety.conftest import County
from tests.safety.patrols import Patrol
from tests.sample.lamps import Lamp

SCHOOLS, READERS, LAMPS = 300, 40, 2_100
ABOVE = (("province", Kind.PROVINCE), ("city", Kind.CITY), ("county", Kind.COUNTY), ("town", Kind.TOWNSHIP))


class Ground:
    """Everything stored before the load begins."""

    def __init__(self, tasks: int, hazards: int) -> None:
        units: dict[str, OrgUnit] = {}
        parent = None
        for code, kind in ABOVE:
            parent = units[code] = OrgUnit.objects.create(code=code, name=code, kind=kind, parent=parent)
        made = [
            OrgUnit(
                code=f"s{n}", name=f"第{n}小学", kind=Kind.SCHOOL, parent=parent, path=f"{parent.path}s{n}/"
            )
            for n in range(SCHOOLS)
        ]
        self.schools = OrgUnit.objects.bulk_create(made)
        units["school"] = self.schools[0]
        units |= {school.code: school for school in self.schools}
        category = RiskCategory.unguarded.create(org=units["county"], code="fire", title="消防安全")
        self.county = County(units, category)
        self.patrol = Patrol(self.county)
        for school in self.schools[:READERS]:
            self.county.person(f"reader-{school.code}", "school_safety", school.code)
        self.keeper = self.county.person("keeper", "lamp_keeper", "town")
        self.tasks = self._tasks(tasks)
        self.hazards = self._hazards(hazards, category)
        Lamp.unguarded.bulk_create(
            Lamp(org=self.schools[n % SCHOOLS], code=f"L-{n}", place="楼道", state="lit")
            for n in range(LAMPS)
        )

    def _tasks(self, number: int) -> list[tuple[Any, int]]:
        """Inspector and task."""
        schools = [school.code for school in self.schools]
        for start in range(0, number, SCHOOLS):
            chosen = schools[: min(SCHOOLS, number - start)]
            activate_plan(
                self.patrol.bureau,
                self.patrol.plan([self.patrol.lin, self.patrol.fang], chosen, title=f"第{start}次巡查"),
            )
        rows = InspectionTask.objects.unscoped().select_related("assignee").order_by("pk")
        return [(task.assignee, task.pk) for task in rows]

    def _hazards(self, number: int, category: RiskCategory) -> list[int]:
        made = [
            Hazard(
                org=self.schools[n % SCHOOLS],
                title=f"通道堵塞{n}",
                category=category,
                number=f"T-{n}",
                state="reported",
            )
            for n in range(number)
        ]
        return [hazard.pk for hazard in create_all(SYSTEM, made)]

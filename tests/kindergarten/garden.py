"""The hall of rounds with kindergartens, a lead and a writer."""

from typing import Any

from anlan.base.schools import School, SchoolKind
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.rounds.api import Assessor
from tests.factories import a_user
from tests.rounds.hall import Hall

PROFILE = {"kind": SchoolKind.KINDERGARTEN, "nature_id": "school_nature.public"}


class Garden(Hall):
    """Department, lead, judges, a writer and two kindergartens."""

    def __init__(self) -> None:
        super().__init__("kindergarten")
        self.writer = a_user("report_writer", self.tree.county, name="编写员王")
        create(self.office, Assessor(org=self.tree.county, user=self.writer, judges=False, writes=True))
        for unit in self.schools:
            create(SYSTEM, School(org=unit, name=unit.name, **PROFILE))

    def confirmed(self) -> Any:
        """Aggregated, summed up by the lead and shown."""
        return self.announce(self.aggregated())

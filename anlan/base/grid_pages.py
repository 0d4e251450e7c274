"""The ledger of grids: keepers, figures of each level, gaps."""

from typing import Any

from django.http import HttpRequest

from anlan.base.grid_gaps import figures, gaps_below, vacant
from anlan.base.grids import Grid, GridLevel
from anlan.base.roles import ABOVE, rights
from anlan.engines.registry.api import Ledger, block, ledger

SHOWN = 50


@ledger
class Grids(Ledger):
    """Grids with their keepers."""

    code = "base.grids"
    model = Grid
    title = "网格"
    noun = "个"
    area, group, order = "base", "网格", 80
    columns = "name level org parent keeper deputy boundary"
    facts = "name level org parent boundary keeper deputy schools places"
    filters = "level org"
    search = "name boundary keeper__name"
    key = "org level name"
    form = "org name level parent boundary keeper deputy schools places"
    sort = "org__path"
    example = {"name": "东片区", "level": "area", "boundary": "东坪镇、白沙镇全域"}
    roles = rights(" ".join((*ABOVE, "school_head", "school_safety")), "bureau_safety school_safety")

    def lede(self, rows: Any, user: Any) -> str:
        """How many, and how many without a keeper."""
        still = rows.filter(archived_at=None)
        empty = vacant(still).count()
        return f"共 {still.count()} 个网格，" + (f"{empty} 个没有责任人" if empty else "都有责任人")

    @block("范围内情况", "base/grid_figures.html")
    def within(self, request: HttpRequest, record: Grid) -> dict[str, Any]:
        """Figures of this level."""
        return {"figures": figures(record)}

    @block("缺口", "base/grid_gaps.html")
    def gaps(self, request: HttpRequest, record: Grid) -> dict[str, Any] | None:
        """What lies in no grid or in several, and who is missing; areas show theirs at the district."""
        if record.level == GridLevel.AREA:
            return None
        found = {name: list(rows[:SHOWN]) for name, rows in gaps_below(record.org).items()}
        return {"gaps": found, "none": not any(found.values())}

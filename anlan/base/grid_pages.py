"""The ledger of grids: keepers, figures of each level, gaps."""

from typing import Any

from django.http import HttpRequest

from anlan.base.grid_gaps import figures, gaps_below, vacant
from anlan.base.grid_places import places_form, take_over
from anlan.base.grids import Grid, GridLevel, grid_over
from anlan.base.places import Place
from anlan.base.roles import ABOVE, rights
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, asked_by, block, ledger
from anlan.shell.panels import Panel, add_panel

SHOWN = 50


def holds_places(grid: Grid) -> bool:
    """A grid of a campus, in use."""
    return grid.level == GridLevel.CAMPUS and grid.archived_at is None


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
    happenings = {"take_over": "划入场所", "hand_over": "移出场所"}
    whose = "keeper deputy"
    roles = rights(" ".join((*ABOVE, "school_head", "school_safety")), "bureau_safety school_safety")

    def lede(self, rows: Any, user: Any) -> str:
        """How many, and how many without a keeper."""
        still = rows.filter(archived_at=None)
        empty = vacant(still).count()
        return f"共 {still.count()} 个网格，" + (f"{empty} 个没有责任人" if empty else "都有责任人")

    @act("划入场所", "base.grids.edit", form=asked_by(places_form), when=holds_places)
    def take_over(self, actor: Actor, record: Grid, values: dict[str, Any]) -> None:
        """From the grids they lie in."""
        take_over(actor, record, values["places"])

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


def beside_place(request: HttpRequest, record: Any) -> dict[str, Any] | None:
    """The grid a place lies in, on the page of the place."""
    return {"grid": grid_over(record)} if isinstance(record, Place) else None


add_panel(Panel("place_grid", "责任网格", "base/place_grid.html", beside_place))

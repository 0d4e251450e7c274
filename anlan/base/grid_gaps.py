"""Gaps of the grid: no keeper, schools in no area or in several, places in no grid or in several (X.20, P.29)."""

from typing import Any

from django.db import models
from django.db.models import Q

from anlan.base.grids import Grid, GridLevel
from anlan.base.places import Place
from anlan.base.schools import School
from anlan.engines.org.api import OrgUnit, below


def vacant(grids: Any) -> Any:
    """Grids without a person in charge."""
    return grids.filter(keeper=None, archived_at=None)


def schools_outside(schools: Any) -> Any:
    """Schools in no area, or in more than one; ``areas`` says how many."""
    areas = models.Count("grids", filter=Q(grids__level=GridLevel.AREA, grids__archived_at=None))
    return schools.annotate(areas=areas).exclude(areas=1)


def places_outside(places: Any) -> Any:
    """Places of the lowest level that lie in no campus grid or in several; ``in_grids`` says how many."""
    lowest = places.filter(archived_at=None).exclude(parts__archived_at=None, parts__isnull=False)
    count = models.Count("grids", filter=Q(grids__level=GridLevel.CAMPUS, grids__archived_at=None))
    return lowest.annotate(in_grids=count).exclude(in_grids=1)


def gaps_below(unit: OrgUnit) -> dict[str, Any]:
    """Every gap at or below a unit: grids without keeper, schools and places not in exactly one grid."""
    here = below((unit.path,))
    schools = School.objects.unscoped().filter(here, archived_at=None, closed_on=None)
    return {
        "vacant": vacant(Grid.objects.unscoped().filter(here)),
        "schools": schools_outside(schools),
        "places": places_outside(Place.objects.unscoped().filter(here)).select_related("org"),
    }


def figures(grid: Grid) -> dict[str, int]:
    """Schools, pupils and staff inside the grid: those of an area, or those of the unit."""
    schools = School.objects.unscoped().filter(archived_at=None, closed_on=None)
    inside = grid.schools.values("pk") if grid.level == GridLevel.AREA else None
    schools = schools.filter(pk__in=inside) if inside is not None else schools.filter(below((grid.org.path,)))
    sums = schools.aggregate(
        schools=models.Count("pk"), pupils=models.Sum("pupils"), staff=models.Sum("staff")
    )
    return {name: value or 0 for name, value in sums.items()}

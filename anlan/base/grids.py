"""The grid of supervision: district, area, street, school, campus, each with its keeper (X.20, P.29)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from anlan.base.derived_grants import LOADING, Wanted, derive_grants
from anlan.base.people import Person, PersonLeft
from anlan.base.places import Place
from anlan.base.schools import School
from anlan.engines.audit.api import Written, change
from anlan.engines.org.api import Kind, OrgUnit, Record
from anlan.kernel import events


class GridLevel(models.TextChoices):
    """Depth of a grid."""

    DISTRICT = "district", "区县"
    AREA = "area", "片区"
    STREET = "street", "镇街"
    SCHOOL = "school", "学校"
    CAMPUS = "campus", "校内网格"


ORDER = list(GridLevel.values)


class Grid(Record):
    """One grid of the unit ``org``; an area gathers schools, a campus grid gathers places of its school."""

    name = models.CharField("网格名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=GridLevel.choices, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级网格"
    )
    boundary = models.CharField("范围", max_length=300, blank=True)
    keeper = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="grids_kept", verbose_name="责任人"
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="grids_helped", verbose_name="副责任人"
    )
    schools = models.ManyToManyField(School, related_name="grids", blank=True, verbose_name="所含学校")
    places = models.ManyToManyField(Place, related_name="grids", blank=True, verbose_name="所含场所")

    class Meta(Record.Meta):
        verbose_name = "网格"
        ordering = ["org__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "level", "name"], name="base_grid_once", condition=Q(archived_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.grids:detail", args=[self.pk])

    @property
    def in_charge(self) -> Any:
        """The account of the keeper, or of the deputy while there is no keeper; None where nobody can be reached."""
        person = self.keeper or self.deputy
        return person.account if person and person.account and person.account.is_active else None

    def clean(self) -> None:
        """Refuse persons of another school, persons who left, and a parent that is not wider."""
        faults: dict[str, str] = {}
        for name in ("keeper", "deputy"):
            if person := getattr(self, name):
                if person.archived_at:
                    faults[name] = "此人已离岗"
                elif self.org.kind == Kind.SCHOOL and person.org_id != self.org_id:
                    faults[name] = "只能指定本校人员"
        if self.parent and ORDER.index(self.parent.level) >= ORDER.index(self.level):
            faults["parent"] = "上级网格的层级要更高"
        if faults:
            raise ValidationError(faults)


def area_of(unit: OrgUnit, words: str) -> Grid | None:
    """The campus grid of the place of a school named by ``words``, its own or that of where it lies (S05.4).

    None where no place has this name, or it lies in no grid or in several: the gaps list those.
    """
    places = Place.objects.unscoped().filter(org=unit, archived_at=None).select_related("parent__parent")
    place: Place | None = next((one for one in places if str(one) == words), None)
    return grid_over(place)


def grid_over(place: Place | None) -> Grid | None:
    """The campus grid of a place, or of the nearest place around it that lies in one."""
    while place:
        found = list(place.grids.filter(level=GridLevel.CAMPUS, archived_at=None)[:2])
        if found:
            return found[0] if len(found) == 1 else None
        place = place.parent
    return None


def wanted_grants(grid: Grid) -> list[Wanted]:
    """The keeper sees every school of an area; at other levels the grid's own unit."""
    if grid.archived_at:
        return []
    if grid.level == GridLevel.AREA:
        return [Wanted("grid_keeper", school.org) for school in grid.schools.select_related("org")]
    return [Wanted("grid_keeper", grid.org)] if grid.level != GridLevel.CAMPUS else []


@events.on(Written)
def follow_grid(event: Written) -> None:
    """Scope follows the grid at once."""
    grid = event.record
    if isinstance(grid, Grid) and event.actor.channel != LOADING:
        derive_grants(grid, grid.keeper.account if grid.keeper else None, wanted_grants(grid))


@events.on(PersonLeft)
def vacate_grids(event: PersonLeft) -> None:
    """A keeper who left makes a vacancy."""
    for grid in Grid.objects.unscoped().filter(
        Q(keeper=event.person) | Q(deputy=event.person), archived_at=None
    ):
        names = [name for name in ("keeper", "deputy") if getattr(grid, f"{name}_id") == event.person.pk]
        change(event.actor, grid, dict.fromkeys(names))

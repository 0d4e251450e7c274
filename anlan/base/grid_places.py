"""A place lies in one campus grid at most; places pass from one grid to another by one act (S05.4)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.db import transaction

from anlan.base.grids import Grid, GridLevel
from anlan.base.places import Place
from anlan.engines.audit.api import Actor, Written, change, log
from anlan.engines.org.api import OrgUnit
from anlan.kernel import events
from anlan.kernel.errors import Rejected


def campus_grids(unit: OrgUnit) -> Any:
    """Grids of a school that places lie in, in the order in which they are locked."""
    return Grid.objects.unscoped().filter(org=unit, level=GridLevel.CAMPUS, archived_at=None).order_by("pk")


@events.on(Written)
def keep_apart(event: Written) -> None:
    """Rejected, at the field, for a place of another school or of another grid."""
    grid = event.record
    if isinstance(grid, Grid) and grid.level == GridLevel.CAMPUS and {"places", "level"} & set(event.after):
        _refuse_taken(grid)


def _refuse_taken(grid: Grid) -> None:
    keys = list(grid.places.values_list("pk", flat=True))
    # Locked, so that of two grids that take a place at once the later one sees the earlier; the rows of the relation
    # refer to these rows, hence ``no_key``.
    places = list(Place.unguarded.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    if foreign := [str(place) for place in places if place.org_id != grid.org_id]:
        raise Rejected({"places": f"不是本校场所：{'、'.join(foreign)}"})
    others = campus_grids(grid.org).exclude(pk=grid.pk).filter(places__in=keys)
    if taken := list(others.values_list("places__name", "name")):
        said = "、".join(f"{place}（{other}）" for place, other in taken)
        raise Rejected({"places": f"已在其他网格：{said}。保存后用“划入场所”可以移过来"})


@transaction.atomic
def take_over(actor: Actor, grid: Grid, places: Iterable[Place]) -> Grid:
    """Places leave the grids they lie in for this one; both grids and the places keep it in their history."""
    grids = {one.pk: one for one in campus_grids(grid.org).select_for_update()}
    coming = list(places)
    words = "、".join(str(place) for place in coming)
    for former in grids.values():
        kept = [place for place in former.places.all() if place not in coming]
        if former.pk != grid.pk and len(kept) < former.places.count():
            gone = replace(actor, reason=f"{words} 移到 {grid}")
            change(gone, former, {"places": kept}, action="hand_over")
    here = grids.get(grid.pk, grid)
    held = [*here.places.exclude(pk__in=[place.pk for place in coming]), *coming]
    change(replace(actor, reason=words), here, {"places": held}, action="take_over")
    for place in coming:
        log(actor, "grid.move", place, reason=f"划入 {grid}", after={"grid": grid.pk})
    return here


class _Places(forms.ModelMultipleChoiceField):
    """Places, each with the grid it lies in now."""

    def label_from_instance(self, obj: Any) -> str:
        """Place and grid."""
        there = "、".join(grid.name for grid in obj.grids.all() if grid.archived_at is None)
        return f"{obj}（现在{there}）" if there else str(obj)


def places_form(record: Grid, data: Any = None, files: Any = None) -> forms.Form:
    """Which places of the school come to this grid."""
    form = forms.Form(data, files)
    others = campus_grids(record.org).exclude(pk=record.pk)
    settled = record.places.exclude(grids__in=others)
    rows = Place.objects.unscoped().filter(org=record.org, archived_at=None).exclude(pk__in=settled)
    form.fields["places"] = _Places(rows.prefetch_related("grids").select_related("parent"), label="场所")
    return form

"""Moving a unit with everything below it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr

from anlan.engines.org.units import OrgUnit, UnitMove
from anlan.kernel import events


@dataclass(frozen=True)
class Moved:
    """Event: a unit and all below it have another place; same transaction. ``unit`` has the new path."""

    unit: OrgUnit


@transaction.atomic
def move_unit(unit: OrgUnit, parent: OrgUnit, by: Any = None) -> UnitMove:
    """Hang ``unit`` under ``parent``; paths of the subtree follow, a :class:`UnitMove` keeps the old place.

    Raises ValidationError where the tree rules refuse the new place.
    """
    unit = OrgUnit.objects.select_for_update().get(pk=unit.pk)
    unit.parent = parent
    unit.clean()
    old, new = unit.path, f"{parent.path}{unit.code}/"
    tail = Substr(F("path"), Length(Value(old)) + 1)
    OrgUnit.objects.filter(path__startswith=old).update(path=Concat(Value(new), tail))
    OrgUnit.objects.filter(pk=unit.pk).update(parent=parent)
    unit.path = new
    events.publish(Moved(unit))
    return UnitMove.objects.create(unit=unit, from_path=old, to_path=new, moved_by=by)

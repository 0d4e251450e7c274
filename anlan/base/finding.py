"""Schools and units in the pickers of every form: by name, pinyin, code, type, nature, town and tag (D09.4)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from anlan.base.picking import NARROWING, named, narrowed
from anlan.base.schools import School, SchoolKind
from anlan.base.tags import SchoolTag
from anlan.base.vocabularies import Code
from anlan.engines.org.api import Kind, OrgUnit, Scope, may, require
from anlan.engines.registry.api import Finder, find_by
from anlan.shell.parts import Choice, Filter


def school_filters(user: Any) -> Sequence[Filter]:
    """Type, nature, town and tag, each with the values there are for this person."""
    if not may(user, "base.schools.view"):
        return ()
    towns = OrgUnit.objects.filter(_below(require(user, "base.schools.view")), kind=Kind.TOWNSHIP)
    natures = Code.objects.filter(table="school_nature", retired=False).order_by("order")
    tags = SchoolTag.objects.visible(user, "base.schools.view").filter(archived_at=None)
    found = (
        Filter("kind", "学校类型", [Choice(*kind) for kind in SchoolKind.choices]),
        Filter("nature", "办学性质", [Choice(code.pk, code.name) for code in natures]),
        Filter("town", "所在镇街", [Choice(str(town.pk), str(town)) for town in towns.order_by("path")]),
        Filter("tag", "标签", [Choice(str(tag.pk), tag.name) for tag in tags]),
    )
    return [item for item in found if item.options]


def _below(found: Scope) -> Q:
    condition = Q(pk__in=[])
    for path in found.paths:
        condition |= Q(path__startswith=path)
    return condition


def _units(rows: Any, query: QueryDict) -> Any:
    """Units narrowed by what their school is; without a value also those that are no school."""
    if not any(query.get(name) for name in (*NARROWING, "name")):
        return rows
    schools = narrowed(School.unguarded.filter(archived_at=None), query)
    return rows.filter(pk__in=schools.values("org"))


def _unit_named(word: str) -> Q:
    schools = School.unguarded.filter(named(word))
    return (
        Q(name__icontains=word)
        | Q(short_name__icontains=word)
        | Q(code=word)
        | Q(pk__in=schools.values("org"))
    )


find_by(
    OrgUnit,
    Finder(
        _unit_named,
        lambda unit: str(unit.parent or "") if unit.kind == Kind.SCHOOL else unit.get_kind_display(),
        school_filters,
        _units,
        joined="parent",
    ),
)
find_by(
    School,
    Finder(
        named,
        lambda school: f"{school.town or ''} {school.get_kind_display()}".strip(),
        school_filters,
        narrowed,
        joined="town",
    ),
)

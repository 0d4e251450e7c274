"""The question a page of figures asks: which area, and from when to when (D14.7, D16.6)."""

from typing import Any

from django import forms
from django.http import HttpRequest

from anlan.base.schools import School
from anlan.base.unit_counts import Asked
from anlan.base.unit_figures import UnitFigures
from anlan.engines.analytics.api import AreaForm
from anlan.engines.org.api import Kind, OrgUnit


class Question(AreaForm):
    """Which area, and from when to when."""

    first = forms.DateField(label="起", required=False)
    last = forms.DateField(label="止", required=False)

    @classmethod
    def of(cls, request: HttpRequest, figures: UnitFigures) -> "Question":
        """With the areas within the person's sight; without a period where no column counts by one."""
        form = cls(request.GET)
        form.ask_within(request.user, figures.permission, lookup_of(figures))
        if not any(column.moment for column in figures.columns):
            del form.fields["first"], form.fields["last"]
        return form

    def clean(self) -> dict[str, Any]:
        """Refuse a reversed period."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "止期不能早于起期")
        return self.cleaned_data

    def asked(self, user: Any, permission: str) -> Asked:
        """What is counted; by default the highest area of the person."""
        area = self.settled_area(user, permission)
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        return Asked(area, user, first.isoformat() if first else "", last.isoformat() if last else "")


def lookup_of(figures: UnitFigures) -> str:
    """The code under which the areas of a page are chosen."""
    return f"figures-{figures.code.replace('.', '-').replace('_', '-')}"


def schools_in(area: OrgUnit) -> list[OrgUnit]:
    """Schools of an area that are open."""
    rows = School.objects.unscoped().filter(org__path__startswith=area.path, closed_on=None, archived_at=None)
    return list(OrgUnit.objects.filter(pk__in=rows.values("org"), closed_on=None).order_by("path"))


def towns_in(area: OrgUnit) -> list[OrgUnit]:
    """Units directly below an area; a school stands for itself."""
    units = OrgUnit.objects.filter(parent=area, closed_on=None).exclude(kind=Kind.AGENCY).order_by("path")
    return list(units) or [area]

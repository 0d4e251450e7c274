"""Filters by what the schools of a list's rows are: ``school_kind``, ``school_nature`` … (X.21, D09.4).

Which there are, and what they mean, says the finder of units.
"""

from dataclasses import replace
from typing import Any

from django.http import QueryDict

from anlan.engines.org.api import Kind, OrgUnit, scope
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.offering import finder_of
from anlan.shell.parts import Filter
from anlan.shell.picking import narrowing_of

PREFIX = "school_"


def of_schools(rows: Any, query: QueryDict) -> Any:
    """The rows whose unit fits every such value; unknown values find nothing."""
    said = QueryDict(mutable=True)
    for name in query:
        if name.startswith(PREFIX) and (values := [value for value in query.getlist(name) if value]):
            said.setlist(name.removeprefix(PREFIX), values)
    if not said:
        return rows
    fitting = finder_of(OrgUnit).narrow(OrgUnit.objects.all(), said)
    return rows.filter(org__in=fitting.values("pk"))


def about_schools(ledger: Ledger, query: QueryDict, user: Any, rows: Any) -> bool:
    """Whether the list holds rows of schools and the person looks after more than schools of one's own; the list
    of schools has its own filters.
    """
    if any(name.startswith(PREFIX) for name in query):
        return True
    if rows is None or finder_of(ledger.model).narrows:
        return False
    found = scope(user, ledger.permission("view"))
    above = OrgUnit.objects.filter(path__in=found.paths + found.own_paths).exclude(kind=Kind.SCHOOL)
    return above.exists() and bool(rows.filter(org__kind=Kind.SCHOOL).order_by().exists())


def school_pills(query: QueryDict, user: Any) -> list[Filter]:
    """The pills, with what is set now."""
    return [_pill(one, query.getlist(f"{PREFIX}{one.name}")) for one in narrowing_of(OrgUnit, user)]


def _pill(one: Filter, said: list[str]) -> Filter:
    choices = [replace(option, checked=option.value in said) for option in one.options]
    shown = "、".join(option.label for option in choices if option.checked)
    return Filter(f"{PREFIX}{one.name}", one.label, choices, shown)

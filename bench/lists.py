"""Scoped lists of every level (W2): answers by the million and the register of inspections, against raw SQL."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.inspection_registers import Inspections
from anlan.engines.forms.api import Answer
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.registry.api import Listing, ledgers
from bench.harness import Result, fetch, measure, server_time
from bench.province import Province

LEVELS = {Kind.SCHOOL: "org_id", Kind.TOWNSHIP: "township_id", Kind.COUNTY: "county_id"} | {
    Kind.CITY: "city_id",
    Kind.PROVINCE: "province_id",
}
PAGE, DEEP = 50, 200
PERMISSION = "safety.inspections.view"


def run(province: Province) -> list[Result]:
    """First page and page 200 (or the last one there is) for somebody of every level."""
    results = []
    for kind, column in LEVELS.items():
        unit, user = province.units[kind][-1], province.officer(kind)
        results += _answers(kind, column, unit, user)
        results += _register(kind, unit, user)
    return results


def _answers(kind: str, column: str, unit: OrgUnit, user: Any) -> list[Result]:
    names = ", ".join(field.column for field in Answer._meta.concrete_fields)
    raw = f"SELECT {names} FROM forms_answer WHERE {column} = %s AND verdict = 'fail' AND day IS NOT NULL"
    order = f" ORDER BY day DESC, id DESC LIMIT {PAGE}"
    deep = Answer.objects.visible(user, PERMISSION).newest("fail")[: PAGE * (DEEP - 1)]
    edge = list(deep.values_list("day", "id"))[-1]
    pages = {1: ("", None), DEEP: (" AND (day, id) < (%s, %s)", edge)}
    return [
        _compared(
            f"answers {kind} page {number}",
            lambda after=after: Answer.objects.visible(user, PERMISSION).newest("fail", after)[:PAGE],
            raw + more + order,
            (unit.pk, *(after or ())),
        )
        for number, (more, after) in pages.items()
    ]


def _register(kind: str, unit: OrgUnit, user: Any) -> list[Result]:
    ledger = ledgers[Inspections.code]
    rows = InspectionTask.objects.visible(user, PERMISSION).filter(state="completed").order_by("-pk")
    deep = list(rows.values_list("pk", flat=True)[: PAGE * (DEEP - 1)])[-1]
    units = list(OrgUnit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
    results = []
    for number, after in {1: None, DEEP: deep}.items():
        query = f"state=completed&size={PAGE}&page={number}" + (f"&after={after}" if after else "")
        # The same columns and joins; the units of the scope known, the page found before anything is joined.
        columns = _columns(Listing(ledger, user, QueryDict(query)).sorted[:PAGE])
        raw = columns.replace(
            '"safety_inspectiontask" ',
            "(SELECT * FROM \"safety_inspectiontask\" WHERE org_id = ANY(%s) AND state = 'completed'"
            + (" AND id < %s" if after else "")
            + f' ORDER BY id DESC LIMIT {PAGE + 1}) AS "safety_inspectiontask" ',
            1,
        )
        results.append(
            _compared(
                f"inspections {kind} page {number}",
                lambda query=query: Listing(ledger, user, QueryDict(query)).window,
                f'{raw} ORDER BY "safety_inspectiontask"."id" DESC',
                (units, after) if after else (units,),
            )
        )
    return results


def _columns(rows: Any) -> str:
    """Everything up to the conditions of a statement."""
    return str(rows.query.sql_with_params()[0]).split(" WHERE ")[0]


def _compared(name: str, made: Callable[[], Any], raw: str, values: tuple[Any, ...]) -> Result:
    statement, said = made().query.sql_with_params()
    assert len(fetch(statement, said)) == len(fetch(raw, values)), name
    return measure(
        f"W2 {name}",
        work=lambda: fetch(statement, said),
        floor=lambda: fetch(raw, values),
        goal=1.5,
        rounds=21,
        clock=server_time,
    )

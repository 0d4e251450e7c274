"""Counts over all answers (W3): from the rollups in 5 ms, equal to the raw GROUP BY, also while others write."""

import threading
from typing import Any

from django.db import connection, transaction

from anlan.engines.forms.api import Answer, Response, counted, counts, fold
from anlan.engines.forms.designs import FormVersion
from anlan.engines.forms.tallies import count_in
from anlan.engines.org.api import Kind, OrgUnit
from bench.harness import Result, measured, server_time, timed
from bench.province import FIRST, Province

BY = ("item_id",)
LIMIT_MS = 5.0
WRITERS, MOMENTS = 2, 5


def run(province: Province) -> list[Result]:
    """Every level's counts by item, of the whole year; then the same while sheets come in."""
    results = []
    for kind in (Kind.SCHOOL, Kind.TOWNSHIP, Kind.COUNTY, Kind.CITY, Kind.PROVINCE):
        unit = province.units[kind][-1]
        assert counts([unit], BY, since=FIRST) == counted(unit, BY, FIRST), kind
        raw = timed(lambda unit=unit: counted(unit, BY, FIRST))
        results.append(
            measured(
                f"W3 counts {kind}",
                [server_time(lambda unit=unit: counts([unit], BY, since=FIRST)) for _ in range(15)],
                limit_ms=LIMIT_MS,
                raw_ms=round(raw, 1),
                answers=Answer.objects.count(),
            )
        )
    return [*results, _while_writing(province)]


def _while_writing(province: Province) -> Result:
    """Writers submit and a folder folds; every moment's counts equal the raw count of the same snapshot."""
    stop, written = threading.Event(), [0]
    school, top = province.units[Kind.SCHOOL][0], province.units[Kind.COUNTY][0]
    version = FormVersion.unguarded.order_by("pk")[0]

    def write() -> None:
        while not stop.is_set():
            _one_sheet(school, version)
            written[0] += 1
        connection.close()

    def sweep() -> None:
        while not stop.wait(0.2):
            fold()
        connection.close()

    threads = [threading.Thread(target=work) for work in (*[write] * WRITERS, sweep)]
    for thread in threads:
        thread.start()
    times, equal = [], 0
    for _ in range(MOMENTS):
        times.append(server_time(lambda: counts([top], BY)))
        equal += _same_snapshot(top)
    stop.set()
    for thread in threads:
        thread.join()
    assert equal == MOMENTS
    assert counts([top], BY) == counted(top, BY)
    return measured("W3 counts while writing", times, limit_ms=LIMIT_MS, equal=equal, sheets=written[0])


def _same_snapshot(unit: OrgUnit) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return bool(counts([unit], BY) == counted(unit, BY))


def _one_sheet(school: OrgUnit, version: Any) -> None:
    """The answers of one sheet and their counts, as a submission stores them."""
    from_before = list(Response.unguarded.filter(org=school).earliest("pk").answers.all())
    response = Response.unguarded.create(org=school, form_version=version, purpose="inspection")
    rows = [
        Answer(
            **{f.attname: getattr(row, f.attname) for f in Answer._meta.concrete_fields if not f.primary_key}
        )
        for row in from_before
    ]
    for row in rows:
        row.response_id = response.pk
    with transaction.atomic():
        Answer.objects.bulk_create(rows)
        count_in(response, rows)

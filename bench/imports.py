"""Importing 200,000 rows into the register of fire equipment, against COPY of the rows and their audit entries."""

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from xlsxwriter import Workbook

from anlan.domains.fire.devices import Device, Devices
from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.exchange.api import ImportSession, apply, prepare, target_of
from anlan.engines.exchange.applying import apply_job
from anlan.engines.exchange.checking import check_job
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, Kind, Role
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job
from bench.harness import Result, measured, timed, told
from bench.province import Province

ROWS = 200_000
GOAL = 40
HEADS = ("单位", "编号", "种类", "规格型号", "位置", "出厂日期")


def keeper(province: Province) -> User:
    """Somebody who keeps the registers of all schools of a county."""
    unit = province.units[Kind.COUNTY][-1]
    user, fresh = User.objects.get_or_create(
        username="bench-importer", defaults={"name": "导入员", "unit": unit, "must_change_password": False}
    )
    if fresh:
        Grant.objects.create(user=user, role=Role.objects.get(code="school_safety"), unit=unit)
    return user


def sheet(path: Path, schools: list[str]) -> None:
    """Extinguishers of the county's schools."""
    with Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADS)
        for row in range(1, ROWS + 1):
            school = schools[row % len(schools)]
            page.write_row(
                row,
                0,
                [school, f"MH-{row:06}", "干粉灭火器", "4 kg", f"教学楼{row % 9 + 1}层东", "2024-02-29"],
            )


def job_of(session: ImportSession, work: Any) -> float:
    """Seconds of the session's job, carried out here."""
    job = session.job
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    started = perf_counter()
    work(job, **job.values)
    return perf_counter() - started


def copied() -> float:
    """Seconds of writing the same rows and entries with COPY, as text that the server itself has made."""
    spent = 0.0
    for model in (Device, AuditEntry):
        table = model._meta.db_table
        names = ", ".join(field.column for field in model._meta.concrete_fields)
        chosen = f"SELECT {names} FROM {table} ORDER BY id DESC LIMIT {ROWS}"
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(f"COPY ({chosen}) TO STDOUT") as stream:
                rows = [bytes(block) for block in stream]
            cursor.execute(f"CREATE TABLE bench_floor (LIKE {table} INCLUDING INDEXES)")
            started = perf_counter()
            with cursor.copy(f"COPY bench_floor ({names}) FROM STDIN") as stream:
                for row in rows:
                    stream.write(row)
            spent += perf_counter() - started
            cursor.execute("DROP TABLE bench_floor")
    return spent


def run(province: Province) -> list[Result]:
    """Check, store all in one transaction; the ratio is of storing to COPY."""
    user = keeper(province)
    county = province.units[Kind.COUNTY][-1]
    schools = [unit.name for unit in province.units[Kind.SCHOOL] if unit.path.startswith(county.path)]
    actor, target = Actor.person(user, "web"), target_of(Devices.code)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extinguishers.xlsx"
        sheet(path, schools)
        session = prepare(actor, target, SimpleUploadedFile(path.name, path.read_bytes()))
    checking = job_of(session, check_job)
    session.refresh_from_db()
    assert (session.total, session.bad) == (ROWS, 0), (session.total, session.bad, session.fault)
    storing = job_of(apply(actor, session, "all"), apply_job)
    session.refresh_from_db()
    assert (session.state, session.added) == ("applied", ROWS)
    floor = copied()
    said = {
        "rows": ROWS,
        "check_s": round(checking, 1),
        "store_s": round(storing, 1),
        "floor_s": round(floor, 2),
        "ratio": round(storing / floor, 1),
        "goal": GOAL,
    }
    return [told(Result("import", storing / floor <= GOAL, said)), first_page(user)]


def first_page(user: User) -> Result:
    """The list of what was imported, as the browser asks for it (X.21: within two seconds)."""
    client = Client()
    client.force_login(user)
    url = ledgers[Devices.code].url
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        assert client.get(url).content.count(b"<tr") > 20
        times = [timed(lambda: client.get(url)) for _ in range(7)]
    return measured("list of 200,000 rows", times, limit_ms=2000, rows=ROWS)

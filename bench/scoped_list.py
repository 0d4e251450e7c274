"""The first page of a list under a county's scope (W2): the scoped statement against a raw one."""

from statistics import median
from typing import Any

from django.db import connection

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.risks import RiskCategory
from anlan.engines.identity.accounts import User
from anlan.engines.org.api import Grant, Kind, OrgUnit, Role, RolePermission
from bench.harness import Result, measure, timed

COUNTIES, SCHOOLS, HAZARDS = 20, 50, 100
PERMISSION = "bench.hazard.view"
PAGE = 50


def county_officer() -> User:
    """A province of 1,000 schools with 100,000 hazards; the officer of one county of it."""
    province = OrgUnit.objects.create(code="350000", name="省", kind=Kind.PROVINCE)
    city = OrgUnit.objects.create(code="350500", name="市", kind=Kind.CITY, parent=province)
    role = Role.objects.create(code="bench", title="bench")
    RolePermission.objects.create(role=role, permission=PERMISSION)
    category = RiskCategory.unguarded.create(org=province, code="bench", title="bench")
    for number in range(1, COUNTIES + 1):
        code = f"3505{number:02d}"
        county = OrgUnit.objects.create(code=code, name=code, kind=Kind.COUNTY, parent=city)
        for place in range(SCHOOLS):
            school = OrgUnit.objects.create(
                code=f"{code}{place:03d}", name=f"{code}{place:03d}", kind=Kind.SCHOOL, parent=county
            )
            Hazard.unguarded.bulk_create(
                Hazard(
                    org=school,
                    number=f"{school.code}-{index}",
                    title="消防通道堵塞",
                    category=category,
                    state="reported" if index % 3 else "closed",
                )
                for index in range(HAZARDS)
            )
    officer = User.objects.create(username="bench", name="bench", unit=county)
    Grant.objects.create(user=officer, role=role, unit=county)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return officer


def fetch(statement: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Rows of a statement, past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def run() -> Result:
    """Newest 50 open hazards of one county among 100,000."""
    officer = county_officer()
    columns = ", ".join(f"h.{field.column}" for field in Hazard._meta.concrete_fields)
    raw = (
        f"SELECT {columns} FROM safety_hazard h JOIN org_orgunit o ON o.id = h.org_id"
        " WHERE o.path LIKE %s AND h.state = %s ORDER BY h.id DESC LIMIT %s"
    )
    parameters = (f"{officer.unit.path}%", "reported", PAGE)
    rows = Hazard.objects.visible(officer, PERMISSION).filter(state="reported")[:PAGE]
    scoped = rows.query.sql_with_params()
    assert len(fetch(*scoped)) == len(fetch(raw, parameters)) == PAGE
    return measure(
        "scoped_list",
        work=lambda: fetch(*scoped),
        floor=lambda: fetch(raw, parameters),
        goal=1.5,
        rows=COUNTIES * SCHOOLS * HAZARDS,
        with_objects_ms=round(median(timed(lambda: list(rows.all())) for _ in range(31)), 3),
    )

"""The list of a county's canteens: any length without loss or repeat, by school type and part of a name (D10.6)."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anlan.base.models import School
from anlan.domains.canteen.canteens import Canteen
from anlan.engines.audit.api import SYSTEM, create_all
from anlan.engines.org.api import OrgUnit
from tests.factories import a_tree, a_user, sign_in

URL, MANY = "/canteen/canteens/", 500


def stocked(parent: OrgUnit, number: int, first: int, county: str) -> list[Canteen]:
    """Canteens of as many new schools, every fifth a kindergarten."""
    made = []
    for n in range(first, first + number):
        unit = OrgUnit.objects.create(code=f"C{n:04}", name=f"{county}第{n}校", kind="school", parent=parent)
        kind = "kindergarten" if n % 5 == 0 else "primary"
        school = School(org=unit, name=unit.name, kind=kind, nature_id="school_nature.public")
        made.append((unit, school))
    create_all(SYSTEM, [school for _, school in made])
    rows = [
        Canteen(org=unit, school=school, name=f"食堂{unit.code}", code=f"{unit.code}-01")
        for unit, school in made
    ]
    return create_all(SYSTEM, rows)


def blocks(client: Client, url: str) -> Iterator[tuple[list[str], int, str]]:
    """Names, number of queries and text of each block, one after the other."""
    while url:
        with CaptureQueriesContext(connection) as said:
            page = client.get(url, headers={"HX-Request": "true"}).content.decode()
        yield re.findall(r">食堂(C\d{4})</a>", page), len(said), page
        following = re.search(r'href="([^"]+)"[^>]*rel="next"', page)
        url = following[1].replace("&amp;", "&") if following else ""


@pytest.mark.requirement("D10.6")
def test_five_hundred_canteens_are_listed_without_loss_or_repeat(db: None) -> None:
    tree = a_tree()
    mine = stocked(tree.township, MANY, 0, "晋江")
    stocked(tree.other_county, 10, 900, "南安")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a database does by itself within a minute of so many new rows
    client = sign_in(Client(), a_user("bureau_safety", tree.county))
    for sort in ("", "?sort=-name", "?size=100"):
        found = list(blocks(client, URL + sort))
        names = [name for block, _, _ in found for name in block]
        assert len(names) == len(set(names)) == MANY, "none lost, none twice, none of another county"
        assert set(names) == {row.org.code for row in mine}
        counts = [number for _, number, _ in found[1:-1]]
        assert max(counts) - min(counts) <= 1, "a block far down asks no more than one near the top"
        assert all("<thead" in page and "is-long" in page for names, _, page in found if len(names) > 25), (
            "headings stay in view"
        )
    query = f"?school_kind=kindergarten&q={quote('第1')}&size=100"
    names = [name for block, _, _ in blocks(client, URL + query) for name in block]
    wanted = [row.org.code for row in mine if int(row.org.code[1:]) % 5 == 0 and "第1" in row.org.name]
    assert sorted(names) == sorted(wanted)
    assert len(wanted) == 22
    assert next(blocks(client, f"{URL}?q={quote('南安')}"))[0] == [], "out of sight"

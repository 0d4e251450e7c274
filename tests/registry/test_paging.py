"""Every row of a list on exactly one page, however long the list and whatever its order."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.engines.registry import listing
from anlan.shell import tables
from tests.factories import Tree
from tests.sample.lamps import Lamp

URL = "/sample/lamps/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def many(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """More lamps than a list counts."""
    for module in (tables, listing):
        monkeypatch.setattr(module, "COUNT_CAP", 50)
    monkeypatch.setattr(listing, "DEEP", 40)
    stored = [Lamp(org=tree.school, code=f"D-{n:03}", place=f"楼道 {n % 7}", state="lit") for n in range(130)]
    return Lamp.unguarded.bulk_create(stored)


def walk(client: Any, url: str, rel: str = "next") -> Iterator[list[str]]:
    """Rows of one page after the other."""
    while url:
        page = client.get(url, headers=HTMX).content.decode()
        yield re.findall(r">(D-\d{3})</a>", page)
        found = re.search(rf'href="([^"]+)"[^>]*rel="{rel}"', page)
        url = found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("sort", ["", "?sort=place", "?sort=-code"])
def test_going_on_page_by_page_shows_every_row_once(many: Any, keeper: Any, enter: Any, sort: str) -> None:
    seen = [code for page in walk(enter(keeper), URL + sort) for code in page]
    assert len(seen) == len(set(seen)) == 130


def test_rows_added_meanwhile_shift_nothing(many: Any, keeper: Any, enter: Any, tree: Tree) -> None:
    pages, seen = walk(enter(keeper), URL), []
    for page in pages:
        seen += page
        Lamp.unguarded.create(org=tree.school, code=f"N-{len(seen)}", place="新", state="lit")
    assert seen == [f"D-{n:03}" for n in reversed(range(130))]


def test_going_back_leads_through_the_same_pages(many: Any, keeper: Any, enter: Any) -> None:
    client = enter(keeper)
    forward = list(walk(client, URL))
    last = f"{URL}?page=7&after={many[10].pk}"
    assert list(walk(client, last, "prev"))[::-1] == forward


def test_a_page_far_down_starts_at_its_key_and_counts_no_further_than_the_cap(
    many: Any, keeper: Any, enter: Any
) -> None:
    client = enter(keeper)
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as said:
        client.get(f"{URL}?page=5&after={many[40].pk}", headers=HTMX)
    rows = [query["sql"] for query in said if "sample_lamp" in query["sql"] and "COUNT" not in query["sql"]]
    assert len(rows) == 1
    assert "OFFSET" not in rows[0]
    assert all(
        "LIMIT 51" in query["sql"] for query in said if "COUNT" in query["sql"] and "lamp" in query["sql"]
    )

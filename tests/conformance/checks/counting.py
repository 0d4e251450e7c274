"""Counts equal their lists; pages of every size render; no row costs a query."""

import json
import os
import re
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.engines.registry.lede import lede
from anlan.engines.registry.listing import Listing, number_of
from tests.conformance.checks.known import check
from tests.conformance.rows import a_row
from tests.conformance.world import World, text

ALLOWED = Path(__file__).parents[1] / "queries.json"
HTMX = {"HX-Request": "true"}


@check
def counts_speak_of_the_own_units_only(world: World) -> None:
    assert world.row
    assert world.foreign
    ledger = world.ledger
    assert number_of(ledger, world.person, "archived=all") == 1
    page = text(world.client().get(world.url(), {"archived": "all"}))
    assert "第 1–1 条，共 1 条" in page
    assert not re.search(r"\b2\b", lede(ledger, Listing(ledger, world.person, {}).scoped, world.person))
    for title, query in ledger.views.items():
        assert number_of(ledger, world.person, query) <= 1, title


@check
def every_view_filter_size_and_order_answers(world: World) -> None:
    assert world.row
    client, ledger = world.client(), world.ledger
    queries = [f"size={size}" for size in (20, 50, 100)] + list(ledger.views.values())
    queries += [f"sort={sign}{item.name}" for item in ledger.column_data for sign in ("", "-") if item.sort]
    queries += [f"{name}=1" for name in ledger.filter_names]
    for query in queries:
        assert client.get(f"{world.url()}?{query}", headers=HTMX).status_code == 200, query


@check
def no_row_costs_a_query(world: World) -> None:
    for _ in range(10):
        a_row(world.ledger, world.inside)
    few, _ = queries(world, world.url())
    few_api, _ = queries(world, world.api())
    for _ in range(20):
        a_row(world.ledger, world.inside)
    for url, before in ((world.url(), few), (world.api(), few_api)):
        many, asked = queries(world, url)
        assert many <= before, asked


OURS = re.compile(
    r"SELECT(?!.*(django_session|identity_(signin|activation|secondfactor|securitypolicy)))", re.S
)


def queries(world: World, url: str) -> tuple[int, str]:
    """How many queries the list takes, and which; those of the session are not counted."""
    client = world.client()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url, {"size": "100", "archived": "all"}).status_code == 200
    asked = [query["sql"][:200] for query in caught if OURS.match(query["sql"])]
    return len(asked), "\n".join(asked)


@check
def the_list_keeps_to_its_committed_queries(world: World) -> None:
    allowed = json.loads(ALLOWED.read_text()) if ALLOWED.exists() else {}
    assert world.row
    count, asked = queries(world, world.url())
    if os.environ.get("ANLAN_WRITE_QUERIES"):
        allowed[world.ledger.code] = count
        ALLOWED.write_text(json.dumps(dict(sorted(allowed.items())), indent=2) + "\n")
    why = "ANLAN_WRITE_QUERIES=1 writes the present figures to queries.json; commit them on purpose"
    assert count <= allowed.get(world.ledger.code, 0), f"{count} queries; {why}\n{asked}"

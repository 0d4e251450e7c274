"""A further block of a county's 500 canteens (D10.6): at most a second each, whatever its place."""

from time import perf_counter

from django.db import connection
from django.test import Client, override_settings

from anlan.engines.org.api import Kind, OrgUnit
from bench.harness import Result, told
from bench.province import Province
from tests.canteen.test_long_list import MANY, URL, blocks, stocked
from tests.factories import a_user

LIMIT_MS, ROUNDS = 1000, 3


def run(province: Province) -> list[Result]:
    """Every block in turn, the best of three rounds each, the slowest of them against the limit."""
    county = OrgUnit.objects.create(
        code="CANTEENS", name="食堂县", kind=Kind.COUNTY, parent=province.units[Kind.CITY][-1]
    )
    stocked(county, MANY, 0, "食堂县")
    client = Client()
    client.force_login(a_user("bureau_safety", county))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        list(blocks(client, URL))
        rounds = [_round(client) for _ in range(ROUNDS)]
    names, each = rounds[0][0], [min(times) for times in zip(*(times for _, times in rounds), strict=True)]
    facts = {"canteens": len(set(names)), "blocks": len(each), "ms_slowest": round(max(each), 1)}
    reached = max(each) <= LIMIT_MS and len(names) == len(set(names)) == MANY
    return [told(Result("D10.6 block of canteens", reached, facts | {"limit_ms": LIMIT_MS}))]


def _round(client: Client) -> tuple[list[str], list[float]]:
    """Names of all blocks, and the milliseconds of each."""
    pages, names, times = blocks(client, URL), list[str](), list[float]()
    while True:
        started = perf_counter()
        block = next(pages, None)
        if block is None:
            return names, times
        times.append((perf_counter() - started) * 1000)
        names += block[0]

"""A further block of a county's 500 canteens (D10.6): at most a second each, whatever its place."""

from time import perf_counter

from django.test import Client, override_settings

from anlan.engines.org.api import Kind, OrgUnit
from bench.harness import Result, told
from bench.province import Province
from tests.canteen.test_long_list import MANY, URL, blocks, stocked
from tests.factories import a_user

LIMIT_MS = 1000


def run(province: Province) -> list[Result]:
    """Every block in turn, the slowest against the limit."""
    county = OrgUnit.objects.create(
        code="CANTEENS", name="食堂县", kind=Kind.COUNTY, parent=province.units[Kind.CITY][-1]
    )
    stocked(county, MANY, 0, "食堂县")
    client = Client()
    client.force_login(a_user("bureau_safety", county))
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        pages, times, found = blocks(client, URL), list[float](), list[str]()
        while True:
            started = perf_counter()
            block = next(pages, None)
            if block is None:
                break
            times.append((perf_counter() - started) * 1000)
            found += block[0]
    facts = {
        "canteens": len(set(found)),
        "blocks": len(times),
        "ms_slowest": round(max(times), 1),
        "limit_ms": LIMIT_MS,
    }
    return [
        told(Result("D10.6 block of canteens", max(times) <= LIMIT_MS and len(set(found)) == MANY, facts))
    ]

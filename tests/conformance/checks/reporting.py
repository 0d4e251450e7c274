"""Reports count what their lists show, by every field offered, and show nothing of others or behind a mask."""

import html
import re

from django.http import QueryDict

from anlan.engines.registry.dimensions import dimensions
from anlan.engines.registry.listing import Listing
from anlan.engines.registry.reporting import Report, measures
from tests.conformance.checks.known import check
from tests.conformance.rows import a_row
from tests.conformance.world import World, text

ROW = re.compile(r'<td class="is-num"><a href="([^"]+)">([\d,]+)</a>')


@check
def reports_count_what_their_lists_show(world: World) -> None:
    rows = [
        world.row,
        a_row(world.ledger, world.inside),
        a_row(world.ledger, world.another("S2", "又一小学")),
    ]
    assert world.foreign
    ledger, everything = world.ledger, QueryDict("archived=all")
    ways, numbers = dimensions(ledger, world.person), measures(ledger, world.person)
    for said in ledger.masked:
        assert not any(one.name == said for one in ways.values()), said
        assert said not in numbers
    whole = Listing(ledger, world.person, everything).total
    assert whole <= len(rows)
    for one in ways.values():
        report = Report(ledger, world.person, everything, (one,), tuple(numbers.values()))
        lines = report.lines()
        assert sum(line.sums.rows for line in lines) == report.total().sums.rows == whole, one.code
        for line in lines:
            query = QueryDict(line.url.partition("?")[2])
            assert Listing(ledger, world.person, query).total == line.sums.rows, (
                one.code,
                line.titles,
                line.url,
            )


def _pages(world: World, codes: list[str]) -> None:
    """The page by the first field offered and the last: its numbers open lists of that many rows; its file."""
    said = {"archived": "all", "report-by": codes[0], "report-then": codes[-1] if codes[1:] else ""}
    client = world.client()
    page = text(client.get(world.url(tail="report"), said))
    numbers = ROW.findall(page)
    assert numbers
    for address, shown in numbers[:2]:
        assert f"共 {shown} 条" in text(client.get(html.unescape(address))), address
    assert world.outside.name not in page
    assert client.get(world.url(tail="report"), {"report-by": "password"}).status_code == 422
    sheet = client.get(world.url(tail="report/export"), {**said, "format": "csv"})
    assert "合计" in text(sheet)

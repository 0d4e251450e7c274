"""Reports of a list: grouped, added up, kept, shared, taken along; every number opens its list, no mask is lifted."""

import html
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.engines.audit.api import AuditEntry
from anlan.engines.org.api import RolePermission
from anlan.engines.registry.preferences import SHARE_VIEWS
from tests.factories import Tree, a_user

Enter = Callable[[Any], Client]
URL = "/sample/lamps/"


@pytest.fixture
def lit(tree: Tree, lamp: Callable[..., Any]) -> None:
    """Lamps of two schools of one town, one of another, and one of the county itself."""
    for unit, code, kind, bought, watts, price in (
        ("S1", "D-1", "exit", date(2026, 1, 5), 8, "10.00"),
        ("S1", "D-2", "ceiling", date(2026, 1, 9), 6, None),
        ("S2", "D-3", "exit", date(2026, 2, 1), 4, "20.50"),
        ("S3", "D-4", "exit", None, 5, None),
        ("350582", "D-5", "exit", date(2025, 12, 31), 5, None),
        ("S4", "D-6", "exit", date(2025, 12, 31), 90, None),
    ):
        said = {"watts": watts, "price": Decimal(price) if price else None, "bought_on": bought}
        lamp(tree[unit], code=code, kind=kind, **said)


def table(page: str) -> list[list[str]]:
    """The lines of the report in plain words."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.S)
    return [re.findall(r">([^<>]+)<", row) for row in rows]


def counts(client: Client, page: str) -> list[tuple[int, int]]:
    """Each number of the report with what its list says."""
    found = re.findall(r'<td class="is-num">(?:<b>)?<a href="([^"]+)">([\d,]+)</a>', page)
    told = []
    for address, shown in found:
        listed = client.get(html.unescape(address)).content.decode()
        said = re.search(r"共 ([\d,]+) 条", listed)
        told.append((int(shown), int(said[1]) if said else 0))
    return told


def test_rows_are_grouped_and_added_up_and_every_number_opens_its_list(
    lit: None, master: Any, enter: Enter
) -> None:
    client = enter(master)
    said = {"report-by": "org.township", "report-then": "kind", "report-of": ["watts", "price"]}
    page = client.get(f"{URL}report", said).content.decode()
    assert table(page) == [
        ["池店镇教委办", "安全出口灯", "2", "12", "6", "30.50", "15.25"],
        ["池店镇教委办", "吸顶灯", "1", "6", "6", "—", "—"],
        ["晋江市教育局（本级）", "安全出口灯", "1", "5", "5", "—", "—"],
        ["陈埭镇教委办", "安全出口灯", "1", "5", "5", "—", "—"],
        ["合计", "5", "28", "5.60", "30.50", "15.25"],
    ]
    assert counts(client, page) == [(2, 2), (1, 1), (1, 1), (1, 1), (5, 5)]
    page = client.get(f"{URL}report", {"report-by": "bought_on.month", "kind": "exit"}).content.decode()
    assert table(page) == [["未填", "1"], ["2025-12", "1"], ["2026-01", "1"], ["2026-02", "1"], ["合计", "4"]]
    assert counts(client, page) == [(1, 1)] * 4 + [(4, 4)]


def test_what_is_masked_or_unknown_is_refused_at_the_field(lit: None, master: Any, enter: Enter) -> None:
    client = enter(master)
    for said, words in (
        ({"report-by": "phone"}, "按什么统计"),
        ({"report-by": "kind", "report-of": "phone"}, "合计和平均"),
        ({"report-by": "kind", "report-then": "kind"}, "再按什么细分"),
    ):
        answer = client.get(f"{URL}report", said)
        assert answer.status_code == 422, said
        page = answer.content.decode()
        assert words in page.partition("al-errors")[2] or "is-invalid" in page
        assert "<tbody>" not in page
        assert enter(master).get(f"{URL}report/export", said).status_code == 422


def test_a_report_is_kept_shared_with_the_own_unit_counted_anew_and_taken_along(
    lit: None, tree: Tree, lamp: Callable[..., Any], master: Any, guest: Any, enter: Enter
) -> None:
    client, query = enter(master), "kind=exit&report-by=org&report-of=watts"
    RolePermission.objects.create(role=master.grants.get().role, permission=SHARE_VIEWS)
    page = client.get(f"{URL}report?{query}").content.decode()
    assert f"{URL}report/views?query=" in page
    kept = client.post(f"{URL}report/views", {"title": "各校出口灯", "query": query, "shared": "on"})
    assert kept.headers["Location"] == f"{URL}report?{query}"
    assert client.post(f"{URL}report/views", {"title": "", "query": query}).status_code == 422
    assert "各校出口灯" not in client.get(URL).content.decode(), "no view of the list"
    mine = enter(guest).get(f"{URL}report").content.decode()
    address = re.search(r'href="([^"]+)"[^>]*>各校出口灯', mine)
    assert address is not None
    lamp(tree.school, code="D-9", kind="exit", watts=2)
    page = enter(guest).get(html.unescape(address[1])).content.decode()
    assert ["池店一小", "2", "10", "5"] in table(page)
    stranger = a_user("lamp_master", tree.other_county)
    theirs = enter(stranger).get(f"{URL}report?{query}").content.decode()
    assert "各校出口灯" not in theirs
    assert table(theirs) == [["南安一中", "1", "90", "90"], ["合计", "1", "90", "90"]]

    sheet = client.get(f"{URL}report/export?{query}&format=xlsx")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert any(line[:3] == ["池店一小", 2, 10] for line in lines), lines
    assert AuditEntry.objects.filter(action="export", user=master, title__contains="统计").count() == 1
    assert enter(guest).get(f"{URL}report/export?{query}").status_code == 403
    assert enter(a_user("", tree.county)).get(f"{URL}report?{query}").status_code == 403

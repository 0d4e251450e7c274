"""The auditor's page: search, old and new values, export; reading leaves a trace; nobody else gets in."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from anlan.engines.audit.api import Actor, AuditEntry, entries_for, history, log
from anlan.engines.identity.api import SecurityPolicy
from anlan.engines.org.api import declared_roles
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden
from tests.factories import a_user


@pytest.fixture
def entries(actor, tree, worker):
    """Acts of several people, units and outcomes."""
    far = Actor.person(a_user("unit_admin", tree.other_county, name="郑远"))
    return [
        log(actor, "change", worker, before={"name": "旧名"}, after={"name": "新名"}, path=tree.school.path),
        log(actor, "export", title="隐患台账", path=tree.county.path),
        log(far, "archive", title="=1+1", path=tree.other_county.path),
        log(actor, "refused", title="GET /x/", path=tree.county.path, succeeded=False),
    ]


def found(client, query="") -> set[str]:
    page = client.get(f"/audit/{query}")
    assert page.status_code == 200
    return {row.action for row in _rows(page)}


def _rows(page):
    text = page.content.decode()
    return [e for e in AuditEntry.objects.exclude(action="audit.read") if f"/audit/{e.pk}/" in text]


@pytest.mark.requirement("MLPS.11")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?action=export", {"export"}),
        ("?person=郑远", {"archive"}),
        ("?target=隐患", {"export"}),
        ("?unit=350583", {"archive"}),
        ("?unit=S1", {"change"}),
        ("?outcome=refused", {"refused"}),
        ("?outcome=done&person=林一", {"change", "export"}),
        ("?person=%27%3B--", set()),
    ],
)
def test_the_auditor_searches_by_every_filter(entries, auditor, client, query, expected):
    client.force_login(auditor)
    assert found(client, query) == expected


def test_the_auditor_searches_by_period(entries, auditor, client):
    client.force_login(auditor)
    tomorrow, today = clock.today() + timedelta(days=1), clock.today()
    assert found(client, f"?since={tomorrow}") == set()
    assert "export" in found(client, f"?since={today}&until={today}")
    assert client.get("/audit/?since=nonsense").status_code == 200


def test_one_entry_shows_old_and_new_values(entries, auditor, client):
    client.force_login(auditor)
    page = client.get(f"/audit/{entries[0].pk}/").content.decode()
    for word in ("姓名", "旧名", "新名", "林一"):
        assert word in page


def test_an_auditor_of_one_county_sees_that_county_only(entries, tree, client):
    client.force_login(a_user("auditor", tree.other_county))
    assert found(client) == {"archive"}
    assert client.get(f"/audit/{entries[0].pk}/").status_code == 404


@pytest.mark.requirement("MLPS.11", "NF.216")
def test_only_auditors_read_the_trail(entries, tree, client):
    for role in [role.code for role in declared_roles if role.code != "auditor"]:
        client.force_login(a_user(role, tree.province))
        for url in ("/audit/", f"/audit/{entries[0].pk}/", "/audit/export.csv"):
            assert client.get(url).status_code == 403, (role, url)


@pytest.mark.requirement("NF.216")
def test_reading_and_exporting_leave_entries(entries, auditor, client):
    client.force_login(auditor)
    client.get("/audit/?person=林一")
    client.get(f"/audit/{entries[0].pk}/")
    client.get("/audit/export.csv?action=export")
    kept = AuditEntry.objects.filter(user=auditor).order_by("pk")
    assert [entry.action for entry in kept] == ["audit.read", "audit.read", "audit.export"]
    assert kept[2].after == {"rows": 1, "kind": "csv"}


def test_the_export_holds_the_same_rows_and_no_formula(entries, auditor, client):
    client.force_login(auditor)
    text = client.get("/audit/export.csv?person=郑远").content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "隐患台账" not in text
    assert "导出人：审计员" in text
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/audit/export.xlsx?person=郑远").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][7] == "=1+1"
    assert client.get("/audit/export.exe").status_code == 404


def test_nothing_in_the_interface_changes_or_stops_the_trail(entries, auditor, client):
    client.force_login(auditor)
    for url in ("/audit/", f"/audit/{entries[0].pk}/"):
        for act in (client.post, client.put, client.delete):
            act(url)
    assert AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries]).count() == 4
    assert not [field.name for field in SecurityPolicy._meta.fields if "audit" in field.name]


def test_the_list_costs_the_same_however_long(entries, auditor, actor, client, django_assert_num_queries):
    client.force_login(auditor)
    client.get("/audit/")
    with CaptureQueriesContext(connection) as short:
        client.get("/audit/")
    for number in range(15):
        log(actor, "change", title=str(number))
    with django_assert_num_queries(len(short)):
        client.get("/audit/")


def test_history_is_of_one_object_only(entries, worker, actor, tree):
    log(actor, "change", a_user("staff", tree.school))
    assert list(history(worker)) == [entries[0]]


def test_entries_for_needs_the_right(worker):
    with pytest.raises(Forbidden):
        entries_for(worker)

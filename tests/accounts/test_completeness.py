"""Completeness by ledger and period, what does not apply, reminders, and the bureau's view of all schools (S06.4)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from anlan.domains.accounts.completeness import Year
from anlan.domains.accounts.reminding import remind_schools
from anlan.engines.audit.api import AuditEntry
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from tests.accounts.conftest import Shelf
from tests.factories import sign_in

FOUR = "工作计划\n管理制度\n责任书\n工作总结"


@pytest.mark.requirement("S06.4")
def test_three_of_four_are_75_percent_and_the_missing_one_is_named(shelf: Shelf) -> None:
    directory = shelf.directory()
    duty = shelf.section(directory, "制度台账", materials=FOUR)
    buses = shelf.section(directory, "校车台账", kind="traffic", materials="校车档案")
    bureau, school = sign_in(Client(), shelf.bureau), sign_in(Client(), shelf.keeper)
    bureau.post(f"{directory.get_absolute_url()}act/issue", {"idempotency": "a"})
    for name in ("工作计划", "管理制度", "责任书"):
        shelf.item(duty, title=name, material=name)
    shelf.item(duty, title="又一份计划", material="工作计划")

    asked = {
        "org": shelf.tree.school.pk,
        "section": buses.pk,
        "year": "2026-2027",
        "period": "",
        "idempotency": "b",
    }
    school.post("/accounts/exemptions/new", asked | {"reason": "没有校车"})
    exemption = buses.exemptions.get()
    assert Year(shelf.tree.school, "2026-2027").degree(shelf.tree.school).percent == 60, "asked is not agreed"
    move = f"/accounts/exemptions/{exemption.pk}/move/agree"
    said = {"idempotency": "c", "version": exemption.version}
    assert school.post(move, said).status_code == 403
    bureau.post(move, said)

    page = school.get(shelf.url()).content.decode()
    assert "完整度 75%，应有 4 项，已有 3 项" in page
    assert "制度台账：工作总结（2026-2027 学年）" in page
    assert "校车档案" not in page

    whole = bureau.get("/accounts/completeness/").content.decode()
    assert "75%" in whole
    assert "池店二小" in whole
    assert f'href="{shelf.url()}?year=2026-2027"' in whole
    assert bureau.get(f"{shelf.url()}?year=2026-2027").status_code == 200
    assert AuditEntry.objects.filter(action="view", user=shelf.bureau, title__contains="池店一小").exists()
    assert sign_in(Client(), shelf.sister).get(shelf.url()).status_code == 404

    with clock.moved(clock.now() + timedelta(days=280)):
        remind_schools()
        remind_schools()
    told = Message.objects.filter(event="accounts.missing", org=shelf.tree.school)
    assert told.count() == 1
    assert "工作总结" in told.get().text


def test_periods_count_once_begun_and_are_late_once_over(shelf: Shelf) -> None:
    entry = shelf.meetings(period="month", required=2)
    shelf.meeting("九月例会", day=date(2026, 9, 7))
    shelf.meeting("九月二次例会", day=date(2026, 9, 30))
    shelf.meeting("十月例会")
    degree = Year(shelf.tree.county, "2026-2027").degree(shelf.tree.school)
    assert [(slot.period.code, slot.there) for slot in degree.slots] == [("2026-09", 2), ("2026-10", 1)]
    assert (degree.percent, degree.late) == (75, 0)
    shelf.exemption(entry, period="2026-10")
    with clock.moved(clock.now() + timedelta(days=20)):
        degree = Year(shelf.tree.county, "2026-2027").degree(shelf.tree.school)
        assert (degree.late, [slot.period.code for slot in degree.missing]) == (1, ["2026-10", "2026-11"])


def test_the_overview_needs_the_same_queries_however_many_schools(
    shelf: Shelf, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    shelf.meetings(period="month")
    shelf.meeting()
    standing = Year(shelf.tree.county, "2026-2027")
    standing.degree(shelf.tree.school)
    with django_assert_max_num_queries(0):  # type: ignore[operator]
        standing.degree(shelf.tree.sister_school)

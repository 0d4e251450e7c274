"""Rows of other modules in the safety ledgers: by query, with links, each once (S06.2)."""

from datetime import date

import pytest
from django.test import Client

from anlan.domains.accounts.completeness import Year
from anlan.domains.accounts.issuing import issue
from anlan.domains.fire.drills import Drill
from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create
from tests.accounts.conftest import Shelf
from tests.factories import a_grant, a_role, a_user, sign_in


@pytest.mark.requirement("S06.2")
def test_a_finished_drill_arrives_by_itself_and_goes_when_it_is_called_off(shelf: Shelf) -> None:
    directory = shelf.directory()
    said = {"kind": "drill", "source": "fire.drills:held_on", "condition": "state=held"}
    entry = shelf.section(directory, "演练台账", **said)
    issue(Actor.person(shelf.bureau), directory)
    drill = create(SYSTEM, Drill(org=shelf.tree.school, title="秋季疏散演练", planned_on=date(2026, 10, 12)))
    shelf.item(entry, title="演练方案纸质件")
    keeper = sign_in(Client(), shelf.keeper)
    assert "自动归集 0，填报 1" in keeper.get(shelf.url(entry)).content.decode()
    change(SYSTEM, drill, {"state": "held", "held_on": date(2026, 10, 13), "people": 860})
    page = keeper.get(shelf.url(entry)).content.decode()
    assert f'href="{drill.get_absolute_url()}">秋季疏散演练' in page
    assert "自动归集 1，填报 1" in page
    change(SYSTEM, drill, {"state": "off"})
    page = keeper.get(shelf.url(entry)).content.decode()
    assert "秋季疏散演练" not in page
    assert "自动归集 0，填报 1" in page


def test_a_meeting_arrives_by_itself_with_a_link_and_goes_when_it_is_withdrawn(shelf: Shelf) -> None:
    entry = shelf.meetings(period="month")
    keeper = sign_in(Client(), shelf.keeper)
    meeting = shelf.meeting("消防专题会")
    shelf.meeting("别校例会", org=shelf.tree.sister_school)
    shelf.meeting("上学年例会", day=date(2026, 7, 31))
    shelf.item(entry, title="纸质会议记录")

    page = keeper.get(shelf.url(entry)).content.decode()
    assert f'href="{meeting.get_absolute_url()}">消防专题会' in page
    assert "自动归集 1，填报 1" in page
    assert "别校例会" not in page
    assert "上学年例会" not in page
    archive(SYSTEM, meeting)
    page = keeper.get(shelf.url(entry)).content.decode()
    assert "消防专题会" not in page
    assert "自动归集 0，填报 1" in page


@pytest.mark.requirement("S06.2")
def test_a_row_in_two_ledgers_counts_once_and_the_link_of_a_period_opens_the_same_rows(shelf: Shelf) -> None:
    directory = shelf.directory()
    for title, condition in (("全部会议", ""), ("专题会议", "kind=special")):
        shelf.section(directory, title, source="organisation.meetings:held_at", condition=condition)
    sign_in(Client(), shelf.bureau).post(f"{directory.get_absolute_url()}act/issue", {"idempotency": "a"})
    shelf.meeting("例会")
    shelf.meeting("专题会", kind="special")
    standing = Year(shelf.tree.school, "2026-2027")
    assert standing.material(shelf.tree.school) == (2, 0)
    assert [slot.automatic for slot in standing.slots(shelf.tree.school)] == [2, 1]

    source = standing.sections[1].rows_source
    assert source is not None
    listed = sign_in(Client(), shelf.keeper).get(source.address(shelf.tree.school, *standing.span))
    page = listed.content.decode()
    assert "专题会" in page
    assert ">例会<" not in page


def test_who_may_not_see_the_owning_ledger_sees_numbers_only(shelf: Shelf) -> None:
    entry = shelf.meetings()
    shelf.meeting("保密会议")
    reader = a_user(unit=shelf.tree.school)
    a_role("shelf_reader", "accounts.items.view")
    a_grant(reader, "shelf_reader", shelf.tree.school)
    page = sign_in(Client(), reader).get(shelf.url(entry)).content.decode()
    assert "保密会议" not in page
    assert "自动归集 1" in page
    stranger = sign_in(Client(), shelf.sister)
    assert stranger.get(shelf.url(entry)).status_code == 404

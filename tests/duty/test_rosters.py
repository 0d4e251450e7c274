"""Drawing a roster up, what keeps it from going out, and who is told (S04.2)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.domains.duty.drawing_up import put, rotate, seats_of
from anlan.domains.duty.roster_flow import remind_of_tomorrow, urge_unreported
from anlan.domains.duty.rosters import Roster, Turn
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.duty.conftest import District, at
from tests.factories import sign_in
from tests.files.making import an_xlsx, upload

pytestmark = pytest.mark.django_db


def again(roster: Roster) -> Roster:
    return Roster.objects.unscoped().select_related("org", "period").get(pk=roster.pk)


def told(event: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for message in Message.objects.filter(event=event).select_related("addressee"):
        found[message.addressee.name] = found.get(message.addressee.name, 0) + 1
    return found


@pytest.mark.requirement("S04.2")
def test_nothing_faulty_goes_out_and_everybody_concerned_is_told(district: District, client: Client) -> None:
    roster = district.roster()
    period, first = roster.period, district.watches(roster)[0]
    sign_in(client, district.safety.account)
    refused = client.post(f"/duty/rosters/{roster.pk}/move/publish")
    assert refused.status_code == 422
    assert "带班领导还缺 1 人" in refused.content.decode()
    assert again(roster).state == "draft"
    district.fill(roster)
    silent = create(SYSTEM, Person(org=district.school, name="无号老师"))
    put(district.keeper, roster, {(first.pk, "member"): [silent]})
    with pytest.raises(Rejected, match="无号老师没有联系电话"):
        perform(district.keeper, again(roster), "publish")
    night, next_night = (district.watches(roster)[place] for place in (1, 3))
    put(
        district.keeper,
        roster,
        {(first.pk, "member"): [district.staff[0]], (night.pk, "member"): [district.staff[1]]},
    )
    late = create(
        SYSTEM, Roster(org=district.school, title="夜间加班", first=date(2026, 9, 30), last=date(2026, 9, 30))
    )
    double = next_night.__class__(
        org=district.school, roster=late, day=date(2026, 10, 1), name="加班", begins_at=at(date(2026, 10, 2), 7),
        ends_at=at(date(2026, 10, 2), 9), leaders=0, members=1,
    )  # fmt: skip
    create(SYSTEM, double)
    put(district.keeper, late, {(double.pk, "member"): [district.staff[1]]})
    with pytest.raises(Rejected, match="钱老师同一时间排了两班"):
        perform(district.keeper, again(roster), "publish")
    put(district.keeper, late, {(double.pk, "member"): []})
    assert not Message.objects.filter(event="duty.published").exists(), "a refused roster tells nobody"
    perform(district.keeper, again(roster), "publish")
    assert set(told("duty.published")) == {"王校长", "林主任", "赵老师", "钱老师", "孙老师", "李老师"}
    page = sign_in(client, district.officer).get("/duty/rosters/?unreported=1").content.decode()
    assert f'href="/duty/rosters/{roster.pk}/"' in page
    assert page.count('class="al-table__t"') == 4, (
        "two drafts and one that is out, of three schools, and the extra one"
    )
    assert urge_unreported(district.bureau, period) == 3
    assert set(told("messaging.urged")) == {"王校长", "林主任"}
    perform(district.keeper, again(roster), "report")
    page = client.get("/duty/rosters/?unreported=1").content.decode()
    assert f'href="/duty/rosters/{roster.pk}/"' not in page
    standing = client.get(period.get_absolute_url()).content.decode()
    assert f'href="/duty/rosters/?period={period.pk}&amp;unreported=1">2</a>' in standing
    with clock.moved(at(date(2026, 9, 30), 17)):
        assert remind_of_tomorrow() == 3
        assert remind_of_tomorrow() == 0, "once"
    assert sum(told("duty.tomorrow").values()) == 3
    assert client.get(f"/duty/rosters/{roster.pk}/pdf").status_code == 200
    assert client.get(f"/duty/turns/export?format=xlsx&roster={roster.pk}").status_code == 200


def test_rotation_keeps_the_order_and_passes_over_who_is_on_duty(district: District) -> None:
    roster = district.roster()
    assert rotate(district.keeper, roster, "member", district.staff[:3]) == 8
    seats = seats_of(roster)
    names = [seats[w.pk, "member"][0].person.name for w in district.watches(roster)]
    assert names == ["赵老师", "钱老师", "孙老师", "赵老师", "钱老师", "孙老师", "赵老师", "钱老师"]
    assert rotate(district.keeper, roster, "member", [district.staff[3]], anew=True) == 8, (
        "one after the other"
    )
    assert rotate(district.keeper, roster, "member", district.staff) == 0, "full"


def test_rotation_by_its_form_names_whom_it_does_not_know(district: District, client: Client) -> None:
    roster = district.roster()
    sign_in(client, district.safety.account)
    url = f"/duty/rosters/{roster.pk}/act/rotate"
    assert "赵老师" in client.get(url).content.decode()
    answer = client.post(url, {"part": "member", "names": "赵老师\n张三"})
    assert answer.status_code == 422
    assert "没有“张三”" in answer.content.decode()
    assert not Turn.objects.unscoped().exists()
    assert client.post(url, {"part": "member", "names": "赵老师\n钱老师"}).status_code == 303
    assert Turn.objects.unscoped().count() == 8


def test_the_grid_takes_names_says_what_is_wrong_and_loses_no_race(
    district: District, client: Client
) -> None:
    roster, url = district.roster(), ""
    url = f"/duty/rosters/{roster.pk}/grid/"
    first, second = district.watches(roster)[:2]
    sign_in(client, district.safety.account)
    page = client.get(url).content.decode()
    assert 'aria-label="2026-10-01 白班 带班领导"' in page
    assert f"seat-{second.pk}-leader" not in page, "the night asks for no leader"
    sent = {
        "version": again(roster).version,
        f"seat-{first.pk}-leader": "王校长",
        f"seat-{first.pk}-member": "赵老师、没有人",
    }
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "没有“没有人”" in refused.content.decode()
    assert 'value="赵老师、没有人"' in refused.content.decode(), "what was typed is kept"
    assert not Turn.objects.unscoped().exists()
    good = sent | {f"seat-{first.pk}-member": "赵老师，钱老师"}
    assert client.post(url, good).status_code == 303
    assert {turn.person.name for turn in Turn.objects.unscoped()} == {"王校长", "赵老师", "钱老师"}
    assert client.post(url, good | {f"seat-{first.pk}-member": ""}).status_code == 409, "an older version"
    twice = {
        "version": again(roster).version,
        f"seat-{first.pk}-leader": "赵老师",
        f"seat-{first.pk}-member": "赵老师",
    }
    answer = client.post(url, twice)
    assert answer.status_code == 422
    assert "排了两个位置" in answer.content.decode()
    assert Turn.objects.unscoped().filter(archived_at=None).count() == 3
    assert sign_in(client, district.staff[0].account).get(url).status_code == 403
    assert sign_in(client, a_far_keeper(district)).get(url).status_code == 404


def a_far_keeper(district: District) -> Any:
    return district.person("外校", "school_safety", district.sister).account


def test_a_sheet_brings_the_roster(district: District, client: Client) -> None:
    roster = district.roster()
    head = ["班次", "身份", "值班人", "联系电话"]
    good = (
        ["2026-10-01 白班", "带班领导", "王校长", None],
        ["2026-10-01 夜班", "值班人员", "赵老师", "13900001111"],
    )
    wrong = ["2026-10-01 深夜班", "值班人员", "钱老师", None]
    sign_in(client, district.safety.account)

    def begin(*rows: Any) -> Any:
        return client.post("/duty/turns/import", {"file": upload("值班.xlsx", an_xlsx(head, *rows))})

    first = begin(*good, wrong)
    assert first.status_code == 303, first.content.decode().split("<main")[1]
    refused = client.get(first["Location"]).content.decode()
    assert "没有找到“2026-10-01 深夜班”" in refused
    url = begin(*good)["Location"]
    assert client.post(f"{url}confirm", {"mode": "all"}).status_code == 303
    phones = {turn.person.name: turn.phone for turn in Turn.objects.unscoped().filter(roster=roster)}
    assert phones == {"王校长": district.head.phone, "赵老师": "13900001111"}


def test_what_is_out_changes_only_after_it_was_taken_back(district: District, client: Client) -> None:
    roster = district.published()
    with pytest.raises(Conflict, match="已经发布"):
        put(district.keeper, roster, {})
    turn = Turn.objects.unscoped().filter(roster=roster).first()
    assert turn is not None
    sign_in(client, district.safety.account)
    assert client.get(f"/duty/rosters/{roster.pk}/grid/").status_code == 409
    assert client.post(f"/duty/turns/{turn.pk}/archive").status_code == 409
    perform(district.keeper, again(roster), "report")
    back = again(perform(district.bureau, again(roster), "send_back", {"opinion": "夜班人数不够"}))
    assert (back.state, back.reported_at, back.due_at) == ("draft", None, back.report_by)
    assert set(told("duty.returned")) == {"王校长", "林主任"}
    assert client.post(f"/duty/turns/{turn.pk}/archive").status_code == 303

"""Who is on duty, draws and their results, and totals that equal the rosters (S04.5)."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from anlan.domains.duty.checks import Check, Draw, chosen, record, watches_on
from anlan.domains.duty.drawing_up import rotate
from anlan.domains.duty.rosters import Roster, Turn
from anlan.domains.duty.swaps import ask
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.duty.conftest import FIRST, District, at
from tests.factories import sign_in

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "now=1") -> str:
    return client.get(f"/duty/watches/?{query}").content.decode().split("<tbody>")[-1].split("</tbody>")[0]


def lines(page: str) -> int:
    return page.count("<tr>")


@pytest.mark.requirement("S04.5")
def test_who_is_on_duty_is_checked_and_totalled(district: District, client: Client, a_campus: Any) -> None:
    a_campus(district.school, "本部")
    a_campus(district.school, "东校区")
    more = [district.person(name, "staff") for name in ("周老师", "吴老师", "郑老师", "冯老师")]
    roster = district.roster()
    rotate(district.keeper, roster, "leader", [district.head, district.safety])
    rotate(district.keeper, roster, "member", [*district.staff, *more])
    perform(district.keeper, Roster.objects.unscoped().get(pk=roster.pk), "publish")
    morning, night = (district.watches(roster)[:2], district.watches(roster)[2:4])
    assert {str(watch.place) for watch in morning} == {"本部", "东校区"}
    sign_in(client, district.officer)
    for moment, watches in (
        (at(FIRST, 17, 59), morning), (at(FIRST, 18), night), (at(date(2026, 10, 2), 1), night),
    ):  # fmt: skip
        with clock.moved(moment):
            sign_in(client, district.officer)
            page = shown(client)
            assert lines(page) == 2, "one line for each campus"
            assert all(f"/duty/watches/{watch.pk}/" in page for watch in watches), moment
    with clock.moved(at(date(2026, 10, 2), 8)):
        sign_in(client, district.officer)
        assert not any(f"/duty/watches/{watch.pk}/" in shown(client) for watch in night), "relieved"
    with clock.moved(at(FIRST, 12)):
        sign_in(client, district.officer)
        assert all(f"/duty/watches/{watch.pk}/" in shown(client, "tonight=1") for watch in night)
        assert lines(shown(client, f"now=1&school_town={district.tree.township.pk}")) in (0, 2)
    with clock.moved(at(FIRST, 19)):
        sign_in(client, district.officer)
        number = district.turns(roster, "member")[2].phone
        assert number in shown(client)
        sign_in(client, district.viewer)
        assert lines(shown(client)) == 2
        assert number not in client.get("/duty/watches/?now=1").content.decode()
        sign_in(client, district.officer)
        said = {"org": district.tree.county.pk, "way": "call", "number": 3, "idempotency": "once"}
        for _ in range(2):
            assert client.post("/duty/draws/new", said).status_code == 303
        draw = Draw.objects.unscoped().get()
        assert draw.among == 1, "one school is on duty"
        checks = list(Check.objects.unscoped().filter(draw=draw).select_related("org", "watch", "draw__org"))
        assert {check.watch_id for check in checks} == {watch.pk for watch in night}
        url = f"/duty/checks/{checks[0].pk}/"
        assert (
            number in client.get(url).content.decode()
            or number in client.get(f"/duty/checks/{checks[1].pk}/").content.decode()
        )
        result = {"result": "not_reached", "note": "三次无人接听"}
        for key in ("a", "a", "b"):
            answer = client.post(f"{url}act/find", result | {"idempotency": key})
            assert answer.status_code == (409 if key == "b" else 303)
        alerts = Message.objects.filter(event="duty.not_reached")
        assert [message.addressee.name for message in alerts] == ["王校长"], "the head, once"
        record(district.bureau, checks[1], "reached")
        assert alerts.count() == 1
    sign_in(client, district.officer)
    before = totals(client)
    assert before["赵老师"] == Turn.objects.unscoped().filter(person__name="赵老师", archived_at=None).count()
    turn = next(one for one in district.turns(roster, "member") if one.person.name == "赵老师")
    free = next(person for person in more if not clashes(person, turn))
    swap = ask(district.actor(turn.account), turn, free, "请假")
    perform(district.actor(free.account), swap, "agree")
    perform(district.actor(district.head.account), swap, "approve")
    after = totals(client)
    assert after["赵老师"] == before["赵老师"] - 1
    assert after[free.name] == before[free.name] + 1
    for name, count in after.items():
        assert count == Turn.objects.unscoped().filter(person__name=name, archived_at=None).count()
    by_school = totals(client, "org")
    assert by_school[str(district.school)] == sum(after.values())


def clashes(person: Any, turn: Turn) -> bool:
    rows = Turn.objects.unscoped().filter(person=person, archived_at=None)
    return bool(rows.filter(begins_at__lt=turn.ends_at, ends_at__gt=turn.begins_at).exists())


def totals(client: Client, by: str = "person") -> dict[str, int]:
    """Lines of the report; each number is as long as the list it opens."""
    page = client.get(f"/analysis/duty/totals/?by={by}").content.decode()
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.S):
        title = re.sub(r"<.*?>", "", row.split("</t")[0]).strip()
        link, number = re.findall(r'href="(/duty/turns/[^"]*)"[^>]*>\s*(\d+)', row)[0]
        if title != "合计":
            found[title] = int(number)
        listed = client.get(link.replace("&amp;", "&") + "&size=100").content.decode()
        assert listed.count('class="al-table__t"') == int(number), link
    return found


def test_a_draw_can_be_repeated_from_its_seed(district: District) -> None:
    for unit in (district.school, district.sister):
        roster = district.roster(unit, district_period(district))
        Roster.unguarded.filter(pk=roster.pk).update(state="reported")
    with clock.moved(at(FIRST, 10)):
        draw = Draw(org=district.tree.county, number=1)
        schools = watches_on(draw)
        assert len(schools) == 2
        picks = {seed: [w.pk for s in chosen(schools, 1, seed) for w in s] for seed in range(20)}
        assert all(
            picks[seed] == [w.pk for s in chosen(watches_on(draw), 1, seed) for w in s] for seed in picks
        )
        assert len({tuple(keys) for keys in picks.values()}) == 2, "the seed decides"
        narrow = Draw(org=district.tree.county, town=district.tree.other_township)
        assert watches_on(narrow) == []


def district_period(district: District) -> Any:
    return (
        Roster.objects.unscoped().first().period if Roster.objects.unscoped().exists() else district.period()
    )  # type: ignore[union-attr]


def test_results_are_written_down_once(district: District) -> None:
    roster = district.published()
    with clock.moved(at(FIRST, 10)):
        watch = district.watches(roster)[0]
        draw = Draw.unguarded.create(org=district.tree.county)
        check = Check.unguarded.create(org=district.school, draw=draw, watch=watch, way="call")
        first, second = Check.unguarded.get(pk=check.pk), Check.unguarded.get(pk=check.pk)
        record(district.bureau, first, "reached")
        with pytest.raises(Conflict):
            record(district.bureau, second, "not_reached")
    assert not Message.objects.filter(event="duty.not_reached").exists()

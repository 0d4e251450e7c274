"""Swaps: both agree, then the roster changes, once, and nobody stands twice (S04.3)."""

from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from anlan.domains.duty.rosters import Turn
from anlan.domains.duty.swaps import Swap, ask
from anlan.engines.audit.api import AuditEntry
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.duty.conftest import FIRST, District
from tests.factories import sign_in

pytestmark = pytest.mark.django_db


def turns(**said: Any) -> list[Turn]:
    rows = Turn.objects.unscoped().filter(archived_at=None, **said)
    return list(
        rows.select_related("person__account", "roster", "watch__roster", "org").order_by("begins_at", "pk")
    )


def turn_of(name: str, place: int = 0) -> Turn:
    return turns(person__name=name, part="member")[place]


def fresh(swap: Swap) -> Swap:
    return Swap.objects.unscoped().get(pk=swap.pk)


@pytest.mark.requirement("S04.3")
def test_the_roster_changes_only_after_both_agreed_and_both_are_told(
    district: District, client: Client
) -> None:
    roster = district.published()
    mine, zhao, qian, sun = turn_of("赵老师"), *district.staff[:3]
    url = f"/duty/turns/{mine.pk}/act/swap"
    sign_in(client, zhao.account)
    assert "钱老师" in client.get(url).content.decode()
    answer = client.post(url, {"colleague": qian.pk, "reason": "外出培训", "idempotency": "k"})
    assert answer.status_code == 303
    assert (
        client.post(url, {"colleague": qian.pk, "reason": "外出培训", "idempotency": "k"}).status_code == 303
    )
    swap = Swap.objects.unscoped().get()
    assert turn_of("赵老师").pk == mine.pk, "nothing shows yet"
    with pytest.raises(Conflict, match="本人"):
        perform(district.actor(sun.account), fresh(swap), "agree")
    page = sign_in(client, qian.account).get("/todos/").content.decode()
    assert swap.get_absolute_url() in page
    perform(district.actor(qian.account), fresh(swap), "agree")
    assert turn_of("赵老师").pk == mine.pk, "the leader has not agreed"
    with pytest.raises(Forbidden):
        perform(district.actor(sun.account), fresh(swap), "approve")
    perform(district.actor(district.head.account), fresh(swap), "approve")
    assert turns(pk=mine.pk)[0].person == qian
    assert turns(pk=mine.pk)[0].phone == qian.phone
    page = sign_in(client, district.officer).get(f"/duty/rosters/{roster.pk}/").content.decode()
    assert page.count("钱老师") == 3, "at the bureau too: two of the own turns and this one"
    told = set(Message.objects.filter(event="duty.swapped").values_list("addressee__name", flat=True))
    assert told == {"赵老师", "钱老师"}
    trace = AuditEntry.objects.filter(Q(action="swap"), object_id=str(mine.pk)).get()
    assert (trace.before["person"], trace.after["person"]) == (zhao.pk, qian.pk)
    assert [step.move for step in steps_of(swap)] == ["agree", "approve"]
    with pytest.raises(Conflict):
        perform(district.actor(district.head.account), fresh(swap), "approve")
    leading = turns(watch=mine.watch, part="leader")[0]
    with pytest.raises(Rejected, match="同一时间已有一班"):
        ask(district.actor(qian.account), turns(pk=mine.pk)[0], leading.person, "两班撞在一起")
    assert Swap.objects.unscoped().count() == 1


def test_turns_are_exchanged_and_a_clash_that_arose_meanwhile_is_refused(district: District) -> None:
    district.published()
    mine, theirs = turn_of("赵老师"), turn_of("钱老师", 1)
    zhao, qian = mine.person, theirs.person
    swap = ask(district.actor(zhao.account), mine, qian, "家中有事", theirs)
    with pytest.raises((Conflict, Rejected), match="换班申请在办"):
        ask(district.actor(zhao.account), mine, district.staff[2], "另找一位")
    perform(district.actor(qian.account), fresh(swap), "agree")
    perform(district.actor(district.safety.account), fresh(swap), "approve")
    assert (turns(pk=mine.pk)[0].person, turns(pk=theirs.pk)[0].person) == (qian, zhao)
    third = turn_of("孙老师")
    one = ask(district.actor(third.person.account), third, zhao, "请假")
    perform(district.actor(zhao.account), fresh(one), "agree")
    Turn.unguarded.filter(pk=turn_of("李老师").pk).update(
        person=zhao, begins_at=third.begins_at, ends_at=third.ends_at
    )
    with pytest.raises(Rejected, match="赵老师同一时间已有一班"):
        perform(district.actor(district.head.account), fresh(one), "approve")
    assert fresh(one).state == "agreed"
    assert turns(pk=third.pk)[0].person.name == "孙老师"


def test_nobody_approves_the_own_swap_and_a_begun_shift_stays(district: District) -> None:
    district.published()
    lead = turns(part="leader", person=district.head)[0]
    swap = ask(district.actor(district.head.account), lead, district.staff[3], "开会")
    perform(district.actor(district.staff[3].account), fresh(swap), "agree")
    with pytest.raises(Conflict, match="不能自己批准"):
        perform(district.actor(district.head.account), fresh(swap), "approve")
    with clock.moved(lead.begins_at), pytest.raises(Rejected, match="已经开始"):
        perform(district.actor(district.safety.account), fresh(swap), "approve")
    perform(district.actor(district.head.account), fresh(swap), "withdraw")
    assert fresh(swap).state == "withdrawn"
    assert lead.watch.day == FIRST

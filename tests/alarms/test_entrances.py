"""Entrances: who is let through and who is not, by device and by hand."""

from datetime import timedelta

import pytest

from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.passings import Passing
from anlan.engines.audit.api import Actor, create
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.alarms.conftest import Machine
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db
URL = "/alarms/passings/"


@pytest.mark.requirement("N1.13")
def test_an_entrance_tells_people_apart_and_turns_strangers_away(ground: Ground, machine: Machine) -> None:
    school, today = ground.tree.school, clock.today()
    guard = Actor.person(a_user("guard", school), "web")
    a_user("guard", ground.tree.sister_school)
    a_device(ground, "ZJ-1", "gate", spot="大门人行通道")
    a_device(ground, "DJ-1", "intercom", spot="幼儿园大门")
    holders = {
        "S": ("student", None),
        "T": ("staff", None),
        "V": ("visitor", today),
        "X": ("visitor", today - timedelta(1)),
    }
    for card, (known, until) in holders.items():
        create(
            ground.officer,
            Pass(org=school, card=card, person_class=known, holder=f"人{card}", valid_to=until),
        )
    create(
        ground.stranger,
        Pass(org=ground.tree.sister_school, card="E", person_class="staff", holder="外校教师"),
    )
    with pytest.raises(Rejected):
        create(ground.officer, Pass(org=school, card="W", person_class="visitor", holder="无期限"))

    def shown(card: str, direction: str) -> str:
        event = machine.event("ZJ-1", "passing", card=card, direction=direction)
        answers = [machine.send(event).json()["results"][0] for _ in range(2)]
        assert [one["status"] for one in answers] == ["taken", "known"]
        assert answers[0]["answer"] == answers[1]["answer"], "a gate that asks again is told the same"
        return str(answers[0]["answer"])

    assert [shown(card, way) for card, way in (("S", "in"), ("T", "out"), ("V", "in"))] == ["open"] * 3
    assert not Message.objects.filter(event="alarms.refused").exists()
    assert [shown(card, "in") for card in "XE?"] == [
        "refuse:通行卡已过期",
        "refuse:卡号未登记",
        "refuse:卡号未登记",
    ]
    assert shown("X", "in").startswith("refuse")
    alerts = Message.objects.filter(event="alarms.refused", addressee=guard.user)
    assert alerts.count() == 3, "each card once, however often it is tried"
    stored = Passing.unguarded.order_by("pk").values_list("person_class", "direction", "refused", "manual")
    assert list(stored) == [
        ("student", "in", False, False),
        ("staff", "out", False, False),
        ("visitor", "in", False, False),
        ("visitor", "in", True, False),
        ("unknown", "in", True, False),
        ("unknown", "in", True, False),
        ("visitor", "in", True, False),
    ]
    page = web(guard).get(f"{URL}?refused=1").content.decode()
    assert "通行卡已过期" in page
    assert "大门人行通道" in page
    assert machine.say("DJ-1", "passing", admitted=True) == "taken"
    assert Passing.unguarded.order_by("-pk")[0].person_class == "visitor"
    assert machine.say("ZJ-1", "passing", direction="in") == "refused", "a gate says which card"
    # The other school has no device: its guard writes visitors down, and the entry says so.
    there = Actor.person(a_user("guard", ground.tree.sister_school), "web")
    body = {
        "org": ground.tree.sister_school.pk,
        "person_class": "visitor",
        "person": "王家长",
        "direction": "in",
    }
    at = (clock.now() - timedelta(minutes=3)).astimezone(clock.zone())
    answer = web(there).post(
        f"{URL}new", body | {"place": "东门", "at": f"{at:%Y-%m-%d %H:%M}", "reason": "接孩子"}
    )
    assert answer.status_code == 303
    assert Passing.unguarded.get(place="东门").manual is True
    assert "手工登记" in web(there).get(f"{URL}?manual=1").content.decode()
    assert "东门" not in web(guard).get(URL).content.decode()

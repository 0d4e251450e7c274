"""Two people at the same moment: nobody stands twice, nothing changes twice; twins show the guard (S04.3, S04.4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.duty import serving, swaps
from anlan.domains.duty.drawing_up import put, rotate
from anlan.domains.duty.periods import Period
from anlan.domains.duty.rosters import Roster, Turn
from anlan.domains.duty.serving import alert_missed
from anlan.domains.duty.swaps import Swap, ask
from anlan.engines.audit.api import AuditEntry
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.duty.conftest import District
from tests.safety.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(a_campus: Callable[..., Any]) -> District:
    """Two campuses, so that two shifts run at one time; days to come by the clock of every thread."""
    made = District()
    a_campus(made.school, "本部")
    a_campus(made.school, "东校区")
    return made


def drafted(district: District) -> Roster:
    first = clock.today() + timedelta(days=5)
    said = {"first": first, "last": first, "report_by": clock.today()}
    roster = district.roster(period=district.period(**said))
    rotate(district.keeper, roster, "leader", [district.head, district.safety])
    rotate(district.keeper, roster, "member", district.staff)
    return Roster.objects.unscoped().select_related("org").get(pk=roster.pk)


def published(district: District) -> Roster:
    return perform(district.keeper, drafted(district), "publish")  # type: ignore[return-value]


def refusing(work: Callable[[], Any]) -> Callable[[], Any]:
    """Bad input at the last moment counts as refused too."""

    def run() -> None:
        try:
            work()
        except Rejected as refused:
            raise Conflict(str(refused)) from None

    return run


def agreed_swaps(district: District) -> list[Swap]:
    """Both of the day's members at once ask the same free colleague, who says yes to both."""
    roster = published(district)
    free = district.person("周老师", "staff")
    made = []
    for turn in district.turns(roster, "member")[:2]:
        swap = ask(district.actor(turn.account), turn, free, "请假")
        made.append(perform(district.actor(free.account), swap, "agree"))
    return [Swap.objects.unscoped().get(pk=swap.pk) for swap in made]


def approve_both(district: District) -> tuple[list[str], int]:
    """What became of both, and how many turns of that time the colleague has."""
    seen = agreed_swaps(district)
    actors = [district.actor(person.account) for person in (district.head, district.safety)]
    works = [
        refusing(lambda one=swap, actor=actor: perform(actor, one, "approve"))  # type: ignore[misc]
        for swap, actor in zip(seen, actors, strict=True)
    ]
    return at_once(*works), Turn.objects.unscoped().filter(person__name="周老师", archived_at=None).count()


def test_of_two_swaps_to_one_colleague_at_one_time_one_is_carried_out(district: District) -> None:
    assert approve_both(district) == (["done", "refused"], 1)


def test_without_the_judgement_both_would_be(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swaps, "swap_faults", lambda swap: {})
    assert approve_both(district) == (["done", "done"], 2)


def test_of_two_leaders_approving_one_swap_one_does(district: District) -> None:
    one = agreed_swaps(district)[0]
    seen = [Swap.objects.unscoped().get(pk=one.pk) for _ in range(2)]
    actors = [district.actor(person.account) for person in (district.head, district.safety)]
    ends = at_once(*[lambda s=s, a=a: perform(a, s, "approve") for s, a in zip(seen, actors, strict=True)])  # type: ignore[misc]
    assert ends == ["done", "refused"]
    assert AuditEntry.objects.filter(action="swap").count() == 1
    assert Message.objects.filter(event="duty.swapped").count() == 2, "each of the two once"


def test_a_roster_does_not_go_out_while_it_is_being_emptied(district: District) -> None:
    roster = drafted(district)
    watch = district.watches(roster)[0]
    seen = [Roster.objects.unscoped().select_related("org").get(pk=roster.pk) for _ in range(2)]
    keeper, head = district.keeper, district.actor(district.head.account)
    ends = at_once(
        refusing(lambda: perform(head, seen[0], "publish")),
        refusing(lambda: put(keeper, seen[1], {(watch.pk, "member"): []})),
    )
    assert ends == ["done", "refused"]
    stored = Roster.objects.unscoped().get(pk=roster.pk)
    full = len(district.turns(roster, "member")) == 4
    assert full == (stored.state == "published"), "what is out is full"


def test_two_rounds_alert_once(district: District) -> None:
    turn = district.turns(published(district), "member")[0]
    begun = clock.now() - timedelta(minutes=20)
    Turn.unguarded.filter(pk=turn.pk).update(begins_at=begun, ends_at=begun + timedelta(hours=8))
    assert at_once(alert_missed, alert_missed) == ["done", "done"]
    assert Message.objects.filter(event="duty.missed").count() == 1
    assert AuditEntry.objects.filter(action="miss").count() == 1
    assert serving.alert_missed() == 0


def test_of_two_officers_laying_down_overlapping_periods_one_does(district: District) -> None:
    first = clock.today() + timedelta(days=30)
    works = [
        refusing(
            lambda day=first + timedelta(days=step): district.period(first=day, last=day + timedelta(days=5))
        )  # type: ignore[misc]
        for step in (0, 2)
    ]
    assert at_once(*works) == ["done", "refused"]
    assert Period.objects.unscoped().count() == 1

"""Whereabouts go when their time is over, and only they; the run is reported, a hold keeps them (NF.220)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.alarms.passings import Passing
from anlan.engines.archives.api import Hold, KeepingTime, Sweep, kinds, release, sweep_transient
from anlan.engines.archives.kinds import YEAR, Span
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.factories import a_tree, a_user, sign_in

pytestmark = pytest.mark.django_db


def passed(unit: OrgUnit, *days: int) -> None:
    """Somebody went through a gate of the school so many days ago, at this time of day."""
    for ago in days:
        at = clock.now() - timedelta(days=ago)
        said = {"person_class": "visitor", "person": f"访客{ago}", "place": "南门", "at": at}
        Passing(org=unit, **said).save()


def left(unit: OrgUnit) -> list[int]:
    rows = Passing.unguarded.filter(org=unit).order_by("-at")
    return [(clock.today() - row.at.astimezone(clock.zone()).date()).days for row in rows]


@pytest.mark.requirement("NF.220")
def test_a_run_deletes_what_is_past_its_time_and_is_reported(client: Client) -> None:
    tree = a_tree()
    officer = a_user("bureau_safety", tree.county)
    short = {"kind": "whereabouts", "amount": 30, "unit": "day", "basis": "本县规定"}
    create(Actor.person(officer), KeepingTime(org=tree.sister_school, **short))
    passed(tree.school, 0, 89, 90, 91, 200)
    passed(tree.sister_school, 29, 30, 31, 90)
    case = {"title": "门卫失职调查", "reason": "尚未结束", "since": clock.today() - timedelta(days=200)}
    hold = create(SYSTEM, Hold(org=tree.school, until=clock.today() - timedelta(days=150), **case))
    assert sweep_transient() == 3
    assert left(tree.school) == [0, 89, 90, 200]
    assert left(tree.sister_school) == [29, 30]
    report = Sweep.unguarded.get()
    assert (report.org, report.kind, report.deleted, report.spared) == (tree.county, "whereabouts", 3, 1)
    assert (clock.today() - report.first, clock.today() - report.last) == (timedelta(91), timedelta(31))
    page = sign_in(client, officer).get("/archives/sweeps/").content.decode()
    assert "出入记录" in page
    assert sweep_transient() == 0
    assert Sweep.unguarded.count() == 1, "nothing to report of an empty run"
    release(Actor.person(officer), hold, "结案")
    assert sweep_transient() == 1
    assert left(tree.school) == [0, 89, 90]


@pytest.mark.requirement("NF.220")
@pytest.mark.parametrize(("kind", "least"), [("video", 30), ("log", 180)])
def test_no_unit_goes_below_what_the_rules_ask_for(kind: str, least: int) -> None:
    tree = a_tree()
    officer = a_user("bureau_safety", tree.county)
    client = sign_in(Client(), officer)
    said: dict[str, Any] = {"org": tree.county.pk, "kind": kind, "unit": "day", "basis": "本县规定"}
    answer = client.post("/archives/keeping-times/new", said | {"amount": least - 1})
    assert answer.status_code == 422
    assert f"不能少于 {least} 天" in answer.content.decode()
    with pytest.raises(Rejected):
        create(SYSTEM, KeepingTime(org=tree.county, kind=kind, amount=least - 1, unit="day", basis="x"))
    assert not KeepingTime.unguarded.exists()
    assert client.post("/archives/keeping-times/new", said | {"amount": least}).status_code == 303


def test_accidents_are_kept_for_long_and_whereabouts_for_a_short_time() -> None:
    long, short = kinds["incident"].span.days, kinds["whereabouts"].span.days
    assert long is not None
    assert short is not None
    assert long > 20 * short


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2027, 3, 1), date(2027, 1, 1), date(2027, 12, 31)])
def test_the_first_day_still_kept_is_the_one_after_which_nothing_is_over(day: date) -> None:
    span = Span(2, YEAR)
    first = span.before(day)
    assert first is not None
    kept = [one for one in (first, first - timedelta(days=1)) if (span.after(one) or day) >= day]
    assert kept == [first]

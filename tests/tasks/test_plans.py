"""Plans make exactly the tasks planned, however often and by however many they are run."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks import generating
from anlan.engines.tasks.api import generate_rounds, provide_terms, run_plans, todos_for
from anlan.engines.tasks.calendar import _provider, _terms, provide_calendar
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan, SchoolTaskRound
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.tasks.conftest import MONDAY, at


@pytest.fixture(autouse=True)
def plain_calendar(monkeypatch):
    """Monday to Friday, no terms, whatever the base says."""
    kept = list(_provider), list(_terms)
    _provider.clear()
    _terms.clear()
    yield
    _provider[:], _terms[:] = kept


def test_a_task_for_two_schools_makes_two_tasks_and_tells_each_person_once(office):
    office.give(office.clerk, (office.first, office.second))
    assert {str(task.org) for task in SchoolTask.unguarded.all()} == {str(office.first), str(office.second)}
    assert [m.title for m in messages_for(office.other_head)] == ["新任务：消防自查"]
    assert [todo.title for todo in todos_for(office.other_head)] == ["消防自查"]
    assert not todos_for(office.anna).exists()
    assert not messages_for(office.anna).exists()


def test_a_weekly_plan_over_four_weeks_yields_four_tasks_and_no_extras(office):
    plan = office.give(
        office.clerk, (office.first,), repeat="weekly", ends_on=MONDAY + timedelta(days=27), deadline_days=2
    )
    assert SchoolTask.unguarded.count() == 1
    for _ in range(2):
        generate_rounds(plan, until=MONDAY + timedelta(days=60))
    assert [task.due_at for task in SchoolTask.unguarded.order_by("due_at")] == [
        at(MONDAY + timedelta(days=2 + 7 * week), 17) for week in range(4)
    ]


def test_rounds_open_day_by_day_as_the_clock_goes_and_the_plan_ends(office):
    plan = office.give(office.clerk, (office.first,), repeat="daily", ends_on=MONDAY + timedelta(days=2))
    for day in range(6):
        with clock.moved(at(MONDAY + timedelta(days=day))):
            run_plans()
            run_plans()
    plan.refresh_from_db()
    assert (SchoolTask.unguarded.count(), plan.state) == (3, "ended")


def test_holidays_are_skipped_when_so_set(office):
    provide_calendar(lambda day: day.weekday() < 5 and day != MONDAY + timedelta(days=2))
    values = {"repeat": "daily", "ends_on": MONDAY + timedelta(days=6), "deadline_days": 1}
    skipping = office.give(office.clerk, (office.first,), skip_holidays=True, **values)
    every = office.give(office.clerk, (office.first,), **values)
    for plan in (skipping, every):
        generate_rounds(plan, until=MONDAY + timedelta(days=6))
    assert skipping.rounds.count() == 4
    assert every.rounds.count() == 7
    tuesday = SchoolTask.unguarded.get(round__plan=skipping, round__opens_on=MONDAY + timedelta(days=1))
    assert tuesday.due_at == at(MONDAY + timedelta(days=3), 17)


def test_a_plan_per_term_follows_the_terms_of_the_unit(office):
    provide_terms(
        lambda unit, first, last: [
            (date(2026, 9, 1), date(2027, 1, 20)),
            (date(2027, 2, 22), date(2027, 7, 5)),
        ]
    )
    plan = office.give(office.clerk, (office.first,), repeat="term", ends_on=date(2027, 7, 1))
    generate_rounds(plan, until=date(2027, 7, 1))
    assert [round_.opens_on for round_ in plan.rounds.order_by("number")] == [MONDAY, date(2027, 2, 22)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": MONDAY - timedelta(days=1)}, "ends_on"),
        ({"repeat": "interval", "interval_days": 0}, "interval_days"),
        ({"repeat": "interval", "interval_days": -3}, "interval_days"),
        ({"repeat": "interval"}, "interval_days"),
        ({"deadline_time": "08:00"}, "deadline_days"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(office, values, field):
    with pytest.raises(Rejected) as refused:
        office.give(office.clerk, (office.first,), **values)
    assert field in refused.value.fields
    assert not SchoolTaskPlan.unguarded.exists()


def test_nobody_chosen_a_school_out_of_scope_and_a_person_who_left_are_refused(office):
    office.ben.is_active = False
    office.ben.save()
    for wrong in (
        lambda: office.give(office.clerk),
        lambda: office.give(office.clerk, (office.tree.far_school,)),
        lambda: office.give(office.head, (office.second,)),
        lambda: office.give(office.head, responsible=office.ben),
        lambda: office.give(office.head, responsible=office.other_head),
        lambda: office.give(office.head, responsible=office.anna, assistants=[office.ben]),
    ):
        with pytest.raises(Rejected):
            wrong()
    assert not SchoolTask.unguarded.exists()


def _generate_at_once(plan: SchoolTaskPlan, until: date) -> list[BaseException]:
    gate, raised = threading.Barrier(4), []

    def run() -> None:
        mine = SchoolTaskPlan.unguarded.select_related("org").get(pk=plan.pk)
        gate.wait()
        try:
            generate_rounds(mine, until=until)
        except BaseException as error:
            raised.append(error)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_four_generators_at_once_make_each_round_once(office):
    end = MONDAY + timedelta(days=20)
    plan = office.give(office.clerk, (office.first, office.second), repeat="weekly", ends_on=end)
    assert _generate_at_once(plan, end) == []
    assert SchoolTaskRound.unguarded.count() == 3
    assert SchoolTask.unguarded.count() == 6
    assert messages_for(office.other_head).count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_rounds_the_same_run_would_make_extras(office, monkeypatch):
    end = MONDAY + timedelta(days=20)
    plan = office.give(office.clerk, (office.first,), repeat="weekly", ends_on=end)
    make, gate, number = generating._make, threading.Barrier(4, timeout=20), iter(range(1000, 9000))

    def unguarded(actor, plan, opening):
        gate.wait()
        return make(actor, plan, type(opening)(next(number), opening.day))

    monkeypatch.setattr(generating, "_make", unguarded)
    assert _generate_at_once(plan, end) == []
    assert SchoolTask.unguarded.count() == 1 + 4 * 2


def test_the_database_itself_refuses_a_second_task_for_the_same_addressee(office):
    office.give(office.clerk, (office.first,))
    task = office.latest()
    with pytest.raises(IntegrityError):
        SchoolTask.unguarded.create(org=task.org, round=task.round, due_at=task.due_at)

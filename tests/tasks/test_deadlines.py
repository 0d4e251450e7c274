"""With a moved clock each stage fires once per person, and stops when the matter is done."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import messages_for
from anlan.engines.tasks.api import accept, decide_extension, open_todo, request_extension, start, submit
from anlan.engines.tasks.deadlines import Dated, DeadlineNotice, _tell, declared_dated, watch_deadlines
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan, Todo
from anlan.kernel import clock
from tests.factories import a_user
from tests.tasks.conftest import MONDAY, at


def stages(user) -> list[str]:
    events = ("tasks.remind", "tasks.overdue", "tasks.escalate")
    return [m.event.partition(".")[2] for m in messages_for(user).filter(event__in=events).order_by("pk")]


def look(moment) -> int:
    with clock.moved(moment):
        return watch_deadlines()


def test_the_reminder_comes_once_at_its_lead_time(office):
    office.own(deadline_days=2, remind_hours=6)
    due = at(MONDAY, 17) + timedelta(days=2)
    assert look(due - timedelta(hours=6, minutes=1)) == 0
    assert look(due - timedelta(hours=6)) == 1
    assert look(due - timedelta(hours=5)) == 0
    assert stages(office.anna) == ["remind"]
    assert stages(office.head) == []


def test_one_minute_past_the_deadline_doer_and_issuer_get_one_warning(office):
    office.own(remind_hours=1)
    assert look(at(MONDAY, 17)) == 0
    assert look(at(MONDAY, 17, 1)) == 2
    for minutes in (2, 60):
        assert look(at(MONDAY, 17) + timedelta(minutes=minutes)) == 0
    assert stages(office.anna) == stages(office.head) == ["overdue"]


def test_an_overdue_task_is_escalated_to_the_head_once(office):
    office.give(office.safety, responsible=office.anna)
    look(at(MONDAY, 17, 1))
    for days in (1, 2, 3, 4, 30):
        look(at(MONDAY, 17, 2) + timedelta(days=days))
    assert stages(office.anna) == ["overdue"]
    assert stages(office.safety) == ["overdue"]
    assert stages(office.head) == ["escalate"]
    assert stages(office.other_head) == []


def test_a_submission_in_time_never_warns_and_a_done_matter_is_left_alone(office):
    task, actor = office.own(remind_hours=1), Actor.person(office.anna)
    accept(actor, task)
    start(actor, task)
    with clock.moved(at(MONDAY, 15)):
        submit(actor, task)
    for moment in (at(MONDAY, 16, 30), at(MONDAY, 17, 1), at(MONDAY, 17) + timedelta(days=5)):
        assert look(moment) == 0
    assert stages(office.anna) == []


def test_a_deadline_that_moved_starts_anew(office):
    task, actor = office.own(remind_hours=1), Actor.person(office.anna)
    later = at(MONDAY, 17) + timedelta(days=3)
    look(at(MONDAY, 17, 1))
    with clock.moved(at(MONDAY, 18)):
        asked = request_extension(actor, task, later, "来不及")
        decide_extension(Actor.person(office.head), task, asked, True)
    look(later - timedelta(minutes=30))
    look(later + timedelta(minutes=1))
    assert stages(office.anna) == ["overdue", "remind", "overdue"]


def test_todos_of_any_engine_are_watched_too(office):
    plan = office.give(office.clerk, (office.first,), ends_on=MONDAY, deadline_days=300)
    due = at(MONDAY, 12)
    open_todo(
        plan,
        "test.confirm",
        "确认隐患",
        "/hazards/1/",
        permission="tasks.school_tasks.do",
        due_at=due,
        org=office.first,
    )
    look(due - timedelta(hours=2))
    look(due + timedelta(minutes=1))
    look(due + timedelta(days=3))
    assert stages(office.safety) == ["remind", "overdue"]
    assert stages(office.head) == ["remind", "overdue"]
    message = messages_for(office.safety).filter(event="tasks.overdue").get()
    assert (message.title, message.url) == ("已逾期：确认隐患", "/hazards/1/")
    Todo.objects.filter(kind="test.confirm").update(closed_at=clock.now())
    assert look(due + timedelta(days=9)) == 0


def test_a_bare_day_counts_until_midnight_and_a_new_day_starts_anew(office, monkeypatch):
    plan = office.give(office.clerk, (office.first,), ends_on=MONDAY, deadline_days=300)
    monkeypatch.setattr(declared_dated, "_items", {})
    keeper = a_user("staff", office.first)
    dated = Dated(
        SchoolTaskPlan, "ends_on", Q(archived_at=None), lambda record: [keeper], escalate_to=lambda r: []
    )
    declared_dated._items["tasks.schooltaskplan"] = dated
    assert look(at(MONDAY, 23, 59)) == 1
    assert look(at(MONDAY, 23, 59)) == 0
    assert look(at(MONDAY + timedelta(days=1), 0, 1)) == 1
    assert stages(keeper) == ["remind", "overdue"]
    SchoolTaskPlan.unguarded.filter(pk=plan.pk).update(ends_on=MONDAY + timedelta(days=365))
    assert look(at(MONDAY + timedelta(days=365), 8)) >= 1
    assert stages(keeper) == ["remind", "overdue", "remind"]


def _look_at_once(moment) -> None:
    gate = threading.Barrier(4)

    def run() -> None:
        gate.wait()
        look(moment)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_four_watchers_at_once_tell_each_person_once(office):
    office.own()
    _look_at_once(at(MONDAY, 17, 1))
    assert stages(office.anna) == stages(office.head) == ["overdue"]
    assert DeadlineNotice.objects.count() == 2


def test_a_watcher_that_comes_late_finds_the_person_told(office):
    task = office.own()
    dated = next(d for d in _watched() if d.model is SchoolTask)
    with clock.moved(at(MONDAY, 17, 1)):
        assert (_tell(dated, "overdue", task), _tell(dated, "overdue", task)) == (2, 0)


def _watched() -> list[Dated]:
    from anlan.engines.tasks.deadlines import watched  # noqa: PLC0415

    return watched()

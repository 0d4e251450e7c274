"""Rows that expire, are checked in cycles or carry a label: what follows from the declaration holds for each."""

from datetime import timedelta
from typing import Any

from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import CheckResult, LeadTime, number_of
from anlan.engines.registry.cycle_rules import Rules
from anlan.engines.registry.inspecting import cycle_start, rule_of
from anlan.engines.registry.reminding import follow, remind_all, todo_kind
from anlan.engines.registry.renewing import periods_of
from anlan.engines.tasks.api import Todo, todos_for
from anlan.kernel import clock
from tests.conformance.checks.changing import entries, stored
from tests.conformance.checks.known import check
from tests.conformance.filling import typed
from tests.conformance.rows import a_row
from tests.conformance.world import World, text


def dated(world: World, days: int, record: Any = None) -> Any:
    """A row whose date lies so many days ahead."""
    found = record if record is not None else a_row(world.ledger, world.inside)
    day = clock.today() + timedelta(days=days)
    world.ledger.model.unguarded.filter(pk=found.pk).update(**{world.ledger.expires: day})
    found.refresh_from_db()
    return found


def on_desk(world: World, record: Any, user: Any) -> bool:
    """Whether the date of the row is among the person's to-dos."""
    kind = todo_kind(world.ledger)
    return any((todo.kind, todo.object_id) == (kind, record.pk) for todo in todos_for(user))


@check
def a_date_stands_as_it_is_near(world: World) -> None:
    ledger = world.ledger
    if not ledger.expires:
        return
    for days in (-1, 0, ledger.soon, ledger.soon + 1):
        dated(world, days)
    counted = {
        said: number_of(ledger, world.person, f"validity={said}") for said in ("expired", "expiring", "valid")
    }
    assert counted == {"expired": 1, "expiring": 2, "valid": 1}
    LeadTime.objects.create(
        org=world.county, ledger=ledger.code, days=ledger.soon + 1, stages=f"{ledger.soon + 1} 0"
    )
    world.person.__dict__.pop("_leads", None)
    assert number_of(ledger, world.person, "validity=expiring") == 3, "a changed lead time counts at once"
    page = text(world.client().get(world.url(), {"validity": "expired"}))
    assert "已过期" in page


@check
def a_near_date_is_on_the_desks_of_those_who_may_edit_and_told_once_a_stage(world: World) -> None:
    ledger = world.ledger
    if not ledger.expires or ledger.readonly:
        return
    near, far, theirs = dated(world, 5), dated(world, 90), dated(world, 5, a_row(ledger, world.outside))
    editor = world.holder(ledger.permission("view"), ledger.permission("edit"), unit=world.inside)
    watcher = world.holder(ledger.permission("view"), ledger.permission("watch"), unit=world.county)
    assert world.nobody
    assert remind_all() >= 2
    assert on_desk(world, near, editor)
    assert not on_desk(world, far, editor)
    assert not on_desk(world, theirs, editor)
    assert not on_desk(world, near, watcher)
    told = Message.objects.filter(model=near._meta.label_lower, object_id=near.pk)
    assert set(told.values_list("addressee", flat=True)) == {editor.pk, watcher.pk}
    assert not any(
        secret in message.title + message.text for message in told for secret in world.secrets(near)
    )
    before = Message.objects.count(), Todo.objects.count()
    assert remind_all() == 0, "a run killed and repeated tells nothing twice"
    assert (Message.objects.count(), Todo.objects.count()) == before


@check
def a_date_that_moves_away_or_an_archived_row_leaves_the_desks(world: World) -> None:
    ledger = world.ledger
    if not ledger.expires or ledger.readonly:
        return
    for end in (lambda row: dated(world, 300, row), archived):
        record = dated(world, 5)
        follow(ledger, record)
        assert on_desk(world, record, world.person)
        end(record)
        follow(ledger, record)
        assert not on_desk(world, record, world.person)
    late = dated(world, 5)
    follow(ledger, late)
    archived(late)
    remind_all()
    assert not on_desk(world, late, world.person), "the daily round mends what slipped through"


def archived(record: Any) -> None:
    """Archive past the rules of the ledger."""
    type(record).unguarded.filter(pk=record.pk).update(archived_at=clock.now())
    record.refresh_from_db()


@check
def a_renewal_keeps_the_old_period_and_ends_the_reminder(world: World) -> None:
    ledger = world.ledger
    if not ledger.renews:
        return
    record = stored(world)
    dated(world, 5, record)
    follow(ledger, record)
    old = {name: getattr(record, name) for name in ledger.renews.split()}
    sent = {name: typed(value) for name, value in old.items() if value is not None}
    url = world.url(record, "act/renewing")
    again = world.client().post(url, sent)
    assert again.status_code == 422, "the same date is no renewal"
    assert world.client(world.viewer).post(url, sent).status_code == 403
    assert world.client().post(world.url(world.foreign, "act/renewing"), sent).status_code == 404
    sent[ledger.expires] = typed(clock.today() + timedelta(days=700))
    answer = world.client().post(url, sent)
    assert answer.status_code in (302, 303), answer.content.decode()[:2000]
    record.refresh_from_db()
    assert getattr(record, ledger.expires) == clock.today() + timedelta(days=700)
    period = periods_of(ledger, record).get()
    assert period.ended_on == old[ledger.expires]
    assert period.values[ledger.expires] == old[ledger.expires].isoformat()
    assert not on_desk(world, record, world.person)
    assert entries(record, "renew").get().user == world.person
    page = text(world.client().get(world.url(record)))
    assert "历史有效期" in page


@check
def a_cycle_gives_the_next_date_and_a_result_moves_it(world: World) -> None:
    ledger = world.ledger
    if not ledger.cycle:
        return
    record = stored(world)
    rule = rule_of(ledger, record, Rules())
    assert rule, "the ledger's example has a rule"
    assert record.next_on, "the example names a start"
    first, today = record.next_on, clock.today()
    url = world.url(record, "act/checking")
    said = {"check_code": rule.checks[0].code, "day": typed(today), "passed": "1", "number": "R-1"}
    for fault in ({"day": typed(today + timedelta(days=1))}, {"check_code": "none"}, {"until": typed(today)}):
        assert world.client().post(url, said | fault).status_code == 422, fault
    start = getattr(record, cycle_start(ledger))
    assert world.client().post(url, said | {"day": typed(start - timedelta(days=1))}).status_code == 422
    assert world.client(world.viewer).post(url, said).status_code == 403
    assert not CheckResult.objects.unscoped().exists()
    until = today + timedelta(days=400)
    answer = world.client().post(url, said | {"until": typed(until)})
    assert answer.status_code in (302, 303), answer.content.decode()[:2000]
    assert world.client().post(url, said).status_code == 409, "the same check twice"
    record.refresh_from_db()
    assert first != record.next_on
    result = CheckResult.objects.unscoped().get()
    assert (result.day, result.created_by) == (today, world.person)
    assert "R-1" in text(world.client().get(world.url(record)))


@check
def a_label_opens_the_row_for_those_who_may_see_it(world: World) -> None:
    ledger = world.ledger
    if not ledger.labels:
        return
    answer = world.client().get(ledger.label_url(world.row))
    assert answer["Location"].startswith(ledger.url_of(world.row))
    assert world.client().get(ledger.label_url(world.foreign)).status_code == 404
    assert world.client(world.nobody).get(ledger.label_url(world.row)).status_code == 403
    asked = world.client().get(world.url(None, f"labels?chosen={world.row.pk}"))
    assert asked.content.startswith(b"%PDF")
    assert entries(world.row, "print").exists()
    assert world.client().get(world.url(None, f"labels?chosen={world.foreign.pk}")).status_code == 404

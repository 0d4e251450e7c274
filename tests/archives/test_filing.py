"""What ends in any module lies in the archive with its files, for those who may see it, and takes no change (X.17)."""

import json
from typing import Any

import pytest

from anlan.engines.archives import sealing
from anlan.engines.archives.api import Holding, Matter, file_missing, matters
from anlan.engines.archives.holdings import by_units_alone, narrows
from anlan.engines.audit.api import SYSTEM, Actor, Changing, change, snapshot
from anlan.engines.files.api import attach, remove
from anlan.engines.org.api import Scope
from anlan.engines.registry.api import acts_of, ledgers
from anlan.engines.workflow.api import flows
from anlan.kernel import events
from anlan.kernel.errors import Conflict, Rejected
from tests.conformance.checks.changing import another
from tests.conformance.rows import overwrite
from tests.conformance.world import World, text
from tests.safety.loops import photo
from tests.turns import by_turns

pytestmark = pytest.mark.django_db
FILED = [matter for matter in matters if not matter.why_not]
SHEET = "archives.holdings.view"


def a_paper(actor: Actor, record: Any, name: str) -> Any:
    return attach(actor, record, photo(name, "red" if name.startswith("总") else "blue"), "papers")


def ended(matter: Matter, world: World, record: Any) -> Any:
    """The row at its end: in its final state, or put away."""
    if matter.owner.flow:
        overwrite(record, state=matter.owner.flow.initial)
        record.refresh_from_db()
    if matter.states:
        try:
            change(SYSTEM, record, {"state": matter.states[-1]}, action="move:end")
        except Rejected:  # a rule of the domain that the made-up row does not meet
            overwrite(record, state=matter.states[-1])
            file_missing()
        return type(record).unguarded.get(pk=record.pk)
    assert world.client().post(world.url(record, "archive")).status_code == 303
    return type(record).unguarded.get(pk=record.pk)


def archivist(world: World) -> Any:
    """Whoever holds every right of the ledger, and that to the archive."""
    return world.holder(*{*world.rights, SHEET})


def test_every_workflow_is_filed_or_says_why_not() -> None:
    named = {matter.owner.model for matter in matters}
    missing = [flow.code for flow in flows if flow.final and flow.model not in named]
    own = [code for code in missing if code == "archives.disposals" or code.startswith("sample.")]
    assert missing == own, "declare archives(...) or not_archived(...)"


@pytest.mark.parametrize("matter", by_turns(FILED, lambda matter: matter.ledger))
def test_what_ended_is_found_with_its_files_and_takes_no_change(matter: Matter) -> None:
    world = World(matter.owner)
    record, person = world.row, archivist(world)
    actor, client = Actor.person(person, "web"), world.client(person)
    paper = a_paper(SYSTEM, record, "总结.jpg")
    record = ended(matter, world, record)
    row = Holding.objects.unscoped().get(ledger=matter.ledger, object_id=record.pk)
    said = {"q": row.title.split()[0], "org": record.org_id, "year": row.year, "kind": matter.kind}
    assert f"/archives/holdings/{row.pk}/" in text(client.get("/archives/holdings/", said))
    page = text(client.get(f"/archives/holdings/{row.pk}/"))
    assert paper.address("download") in page
    assert f'href="{matter.owner.url_of(record)}"' in page
    before = snapshot(record)
    for attempt in attempts(world, actor, record, paper):
        with pytest.raises(Conflict):
            attempt()
    knock(world, client, record)
    assert snapshot(type(record).unguarded.get(pk=record.pk)) == before


def attempts(world: World, actor: Actor, record: Any, paper: Any) -> list[Any]:
    """Ways of a person to the write path itself."""
    return [
        lambda: change(actor, record, {"updated_at": record.created_at}, action="touch"),
        lambda: a_paper(actor, record, "补一份.jpg"),
        *([] if record.archived_at else [lambda: remove(actor, paper)]),
    ]


def knock(world: World, client: Any, record: Any) -> None:
    """Edit, interface, bulk and every act, by somebody with every right."""
    for tail in ("edit", *(f"act/{act.name}" for act in acts_of(world.ledger))):
        sent = client.post(world.url(record, tail), {"reason": "改", "note": "改"})
        assert sent.status_code in (303, 403, 404, 405, 409, 422), (tail, sent.status_code)
        if tail == "edit" and not world.ledger.readonly and world.ledger.form_names:
            assert sent.status_code == 409
    client.post(world.url(None, "bulk"), {"verb": "touch", "chosen": [record.pk]})
    _, name, value = another(world, record) if world.ledger.form_names else ({}, "", None)
    body = json.dumps({"values": {name: value} if name else {}})
    assert client.patch(world.api(record), body, "application/json").status_code in (403, 405, 409)


def test_without_the_seal_a_person_changes_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = next(one for one in FILED if one.ledger == "fire.drills")
    world = World(matter.owner)
    record = ended(matter, world, world.row)
    monkeypatch.setitem(
        events._handlers, Changing, [one for one in events._handlers[Changing] if one is not sealing.refuse]
    )
    a_paper(Actor.person(archivist(world)), record, "补一份.jpg")


def test_a_row_is_seen_by_those_who_see_the_record() -> None:
    world = World(next(one.owner for one in FILED if one.ledger == "safety.hazards"))
    mine, other = (
        change(SYSTEM, one, {"state": "closed"}, action="move:end") for one in (world.row, world.foreign)
    )
    rows = {row.object_id: row for row in Holding.objects.unscoped().filter(ledger="safety.hazards")}
    seen, blind = world.client(archivist(world)), world.client(world.holder(SHEET))
    assert seen.get(f"/archives/holdings/{rows[mine.pk].pk}/").status_code == 200
    assert seen.get(f"/archives/holdings/{rows[other.pk].pk}/").status_code == 404
    assert blind.get(f"/archives/holdings/{rows[mine.pk].pk}/").status_code == 404


def test_what_is_taken_up_again_leaves_and_comes_back() -> None:
    matter = next(one for one in FILED if one.ledger == "physical.works")
    record = ended(matter, world := World(matter.owner), world.row)
    change(SYSTEM, record, {"state": "building"}, action="move:reopen")
    assert not Holding.objects.unscoped().get(object_id=record.pk).filed
    change(SYSTEM, record, {"state": matter.states[-1]}, action="move:end")
    assert Holding.objects.unscoped().get(object_id=record.pk).filed


def test_what_ended_before_there_was_an_archive_is_filed_by_night_once() -> None:
    matter = next(one for one in FILED if one.ledger == "fire.drills")
    world = World(matter.owner)
    type(world.row).unguarded.filter(pk=world.row.pk).update(state="held")
    assert [file_missing(), file_missing()] == [1, 0]
    assert Holding.objects.unscoped().get().org == world.inside


def test_only_ledgers_that_hold_part_of_their_rows_are_asked_one_by_one() -> None:
    """Beside the units, for these alone: the question stays short however many ledgers are filed."""
    assert not narrows(ledgers["accounts.items"]), "only adds whether the year is closed"
    part = [one for one in ledgers if narrows(one)]
    assert part
    for one in part:
        assert not by_units_alone(one, Scope("x", ("/",)))

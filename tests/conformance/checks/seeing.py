"""Whoever looks sees the own units and nothing else, whichever way the looking goes."""

import json
from typing import Any

from anlan.engines.files.api import Attachment, may_read
from anlan.engines.registry.access import options
from anlan.engines.tasks.api import todos_for
from anlan.engines.workflow.api import renew_todos
from tests.conformance.checks.known import check
from tests.conformance.rows import a_person, a_related, a_row
from tests.conformance.world import World, text

JSON = "application/json"


@check
def the_list_shows_the_own_units_only(world: World) -> None:
    assert world.row
    assert world.foreign
    page = text(world.client().get(world.url(), {"archived": "all"}))
    assert f'"{world.url(world.row)}"' in page
    assert f'"{world.url(world.foreign)}"' not in page


@check
def records_outside_are_not_found(world: World) -> None:
    client = world.client()
    assert client.get(world.url(world.row)).status_code == 200
    for tail in ("", "edit"):
        wanted = (404, 403) if world.ledger.readonly and tail else (404,)
        assert client.get(world.url(world.foreign, tail)).status_code in wanted, tail


@check
def prints_outside_are_not_found(world: World) -> None:
    client = world.client()
    assert client.get(world.url(world.row, "print")).status_code == 200
    assert client.get(world.url(world.foreign, "print")).status_code == 404


@check
def nothing_outside_can_be_acted_on(world: World) -> None:
    client = world.client()
    moves = world.ledger.flow.moves if world.ledger.flow else ()
    for tail in ("archive", "unmask", *(f"move/{name}" for name in moves)):
        answer = client.post(world.url(world.foreign, tail), {"reason": "查", "opinion": "好"})
        assert answer.status_code == 404, tail
    before = type(world.foreign).unguarded.values().get(pk=world.foreign.pk)
    client.post(world.url(None, "bulk"), {"verb": "archive", "chosen": [world.foreign.pk]})
    assert type(world.foreign).unguarded.values().get(pk=world.foreign.pk) == before


@check
def searches_find_the_own_units_only(world: World) -> None:
    if not world.ledger.search:
        return
    name = next((n for n in world.ledger.search_names if "__" not in n and n not in world.ledger.masked), "")
    words = str(getattr(world.foreign, name)) if name else world.outside.name
    page = text(world.client().get(world.url(), {"q": words, "archived": "all"}))
    assert f'"{world.url(world.foreign)}"' not in page
    for odd in ("%", "_", "'", '"', "\\", "((", "a" * 500, "\x00", "💧"):
        assert world.client().get(world.url(), {"q": odd}).status_code == 200, odd


@check
def the_interface_lists_the_own_units_only(world: World) -> None:
    client = world.client()
    assert world.row
    assert world.foreign
    answer = client.get(world.api(), {"archived": "all"}).json()
    assert [found["id"] for found in answer["results"]] == [world.row.pk]
    assert answer["count"] == 1


@check
def the_interface_finds_nothing_outside(world: World) -> None:
    client = world.client()
    assert client.get(world.api(world.row)).status_code == 200
    assert client.get(world.api(world.foreign)).status_code == 404


@check
def the_interface_writes_nothing_outside(world: World) -> None:
    client, ledger = world.client(), world.ledger
    if not ledger.readonly:
        answer = client.patch(world.api(world.foreign), json.dumps({"values": {}}), JSON)
        assert answer.status_code == 404
    for name in ledger.flow.moves if ledger.flow else ():
        answer = client.post(world.api(world.foreign, f"/move/{name}"), "{}", JSON)
        assert answer.status_code == 404, name


@check
def files_follow_their_record(world: World) -> None:
    for record, seen in ((world.row, True), (world.foreign, False)):
        found = Attachment(model=record._meta.label_lower, object_id=record.pk, slot="x", name="x")
        assert may_read(world.person, found) is seen


@check
def options_stay_inside(world: World) -> None:
    ledger = world.ledger
    relations = [ledger.model._meta.get_field(name) for name in ledger.form_names]
    for field in relations:
        if not field.is_relation:
            continue
        offered = options(ledger, world.person, field, "add")
        foreign = a_row_of(field, world)
        assert not offered.filter(pk=foreign.pk).exists(), f"{field.name} offers what lies outside"
    if "org" in ledger.form_names:
        page = text(world.client().get(world.url(None, "new")))
        assert world.outside.name not in page


def a_row_of(field: Any, world: World) -> Any:
    """Something outside that the relation could point to."""
    related = field.related_model
    if hasattr(related, "USERNAME_FIELD"):
        return a_person(world.outside)
    if related is world.ledger.model:
        return world.foreign
    required = type(
        "Required", (), {"related_model": related, "model": None, "null": False, "blank": False}
    )()
    return a_related(required, world.outside)


@check
def todos_stay_inside(world: World) -> None:
    if not world.ledger.flow or world.ledger.readonly:
        return
    for record in (world.row, a_row(world.ledger, world.inside), world.foreign):
        renew_todos(record)
    mine = set(todos_for(world.person).values_list("org_id", flat=True))
    assert mine <= {world.inside.pk}

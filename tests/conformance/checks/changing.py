"""Changes: stored once, inside only, written down, never over somebody else's."""

import json
from typing import Any

from django.core.validators import RegexValidator

from anlan.engines.audit.api import AuditEntry
from anlan.engines.registry.api import form_for
from tests.conformance.checks.known import check
from tests.conformance.filling import filled, key_of, pictures, rendered
from tests.conformance.world import World, text

JSON = "application/json"


def stored(world: World, **said: Any) -> Any:
    """A record registered through the form, so that it is valid in every respect."""
    data = filled(world.ledger, world.inside, world.person) | said
    answer = world.client().post(world.url(None, "new"), data | pictures(world.ledger))
    assert answer.status_code == 303, f"the form refuses the ledger's example: {problems(world, data)}"
    pk = int(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    return world.ledger.model.unguarded.get(pk=pk)


def problems(world: World, data: dict[str, Any]) -> Any:
    """Why the form says no."""
    form = form_for(world.ledger, world.person, None, data)
    if not form.is_valid():
        return dict(form.errors)
    answer = world.client().post(world.api(), json.dumps(data), JSON)
    return answer.json()


def entries(record: Any, action: str) -> Any:
    """Audit entries of an act on a record."""
    return AuditEntry.objects.filter(
        model=record._meta.label_lower, object_id=str(record.pk), action=action, succeeded=True
    )


def writable(world: World) -> bool:
    """Whether people register rows of this ledger."""
    return not world.ledger.readonly and bool(world.ledger.form_names)


@check
def registering_twice_stores_once_and_is_written_down(world: World) -> None:
    if not writable(world):
        return
    client, ledger = world.client(), world.ledger
    key = key_of(text(client.get(world.url(None, "new"))))
    before = ledger.model.unguarded.count()
    data = filled(ledger, world.inside, world.person) | {"idempotency": key}
    first = client.post(world.url(None, "new"), data | pictures(ledger))
    assert first.status_code == 303, problems(world, data)
    second = client.post(world.url(None, "new"), data | pictures(ledger))
    assert (second.status_code, second.get("Location")) == (303, first["Location"])
    assert ledger.model.unguarded.count() == before + 1
    record = ledger.model.unguarded.get(pk=int(first["Location"].rstrip("/").rsplit("/", 1)[1]))
    assert entries(record, "create").get().user == world.person


@check
def nothing_is_registered_outside(world: World) -> None:
    if not writable(world) or "org" not in world.ledger.form_names:
        return
    before = world.ledger.model.unguarded.filter(org=world.outside).count()
    data = filled(world.ledger, world.inside, world.person) | {"org": world.outside.pk}
    assert world.client().post(world.url(None, "new"), data).status_code == 422
    assert world.client().post(world.api(), json.dumps(data), JSON).status_code == 422
    assert world.ledger.model.unguarded.filter(org=world.outside).count() == before


@check
def a_change_is_written_down_with_both_values(world: World) -> None:
    if not writable(world):
        return
    record = stored(world)
    data, name, value = another(world, record)
    if not name:
        return
    before = entries(record, "change").count()  # relations to many are a change right after the creation
    answer = world.client().post(world.url(record, "edit"), data)
    assert answer.status_code == 303, text(answer)[:500]
    assert entries(record, "change").count() == before + 1
    entry = entries(record, "change").latest("pk")
    assert name in entry.before
    assert str(entry.after[name]) == str(value)
    assert "edit" in text(world.client().get(world.url(record)))


def another(world: World, record: Any) -> tuple[dict[str, Any], str, Any]:
    """The form as shown with one text changed; the name and the new value."""
    data = rendered(form_for(world.ledger, world.person, record))
    for name in world.ledger.form_names:
        field: Any = world.ledger.model._meta.get_field(name)
        kind = field.get_internal_type()
        free = not any(isinstance(one, RegexValidator) for one in field.validators)
        if (
            kind in ("CharField", "TextField")
            and free
            and not field.choices
            and name not in world.ledger.masked
        ):
            value = f"{data.get(name, '')}改"
            value = value[-(field.max_length or 1000) :]
            return data | {name: value}, name, value
        if (
            kind in ("IntegerField", "PositiveSmallIntegerField", "PositiveIntegerField")
            and not field.choices
        ):
            return data | {name: "2"}, name, 2
    return data, "", None


@check
def a_late_save_overwrites_nothing(world: World) -> None:
    if not writable(world):
        return
    record = stored(world)
    data, name, _ = another(world, record)
    if not name:
        return
    client = world.client()
    assert client.post(world.url(record, "edit"), data).status_code == 303
    late = {**data, name: f"{data[name]}"[:-1] or "1", "version": record.version}
    assert client.post(world.url(record, "edit"), late).status_code == 409
    values = {"version": record.version, "values": {name: late[name]}}
    assert client.patch(world.api(record), json.dumps(values), JSON).status_code == 409
    record.refresh_from_db()
    assert str(getattr(record, name)) == str(data[name])


@check
def no_record_moves_to_another_unit_outside(world: World) -> None:
    if not writable(world) or "org" not in world.ledger.form_names:
        return
    record = stored(world)
    data = rendered(form_for(world.ledger, world.person, record)) | {"org": world.outside.pk}
    assert world.client().post(world.url(record, "edit"), data).status_code == 422
    body = json.dumps({"values": {"org": world.outside.pk}})
    assert world.client().patch(world.api(record), body, JSON).status_code == 422
    record.refresh_from_db()
    assert record.org_id == world.inside.pk


@check
def an_archived_record_stays_as_it_is(world: World) -> None:
    if not writable(world):
        return
    record, client, ledger = stored(world), world.client(), world.ledger
    if ledger.flow:
        ledger.model.unguarded.filter(pk=record.pk).update(state=ledger.flow.final[0])
    assert client.post(world.url(record, "archive")).status_code == 303
    assert entries(record, "archive").get().user == world.person
    assert client.get(world.url(record)).status_code == 200
    data, name, value = another(world, record)
    assert client.post(world.url(record, "edit"), data).status_code == 409
    if name:
        body = json.dumps({"values": {name: value}})
        assert client.patch(world.api(record), body, JSON).status_code == 409
    for move in ledger.flow.moves if ledger.flow else ():
        assert client.post(world.url(record, f"move/{move}"), {"opinion": "好"}).status_code == 409, move
    assert client.post(world.url(record, "archive")).status_code == 409

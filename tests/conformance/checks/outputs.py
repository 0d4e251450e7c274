"""What leaves and what comes in by file keeps to the same rules."""

import csv
import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.audit.api import AuditEntry
from anlan.engines.registry.api import form_for
from tests.conformance.checks.changing import stored, writable
from tests.conformance.checks.known import check
from tests.conformance.rows import overwrite
from tests.conformance.world import World, text


@check
def an_export_holds_the_own_units_only_and_is_written_down(world: World) -> None:
    assert world.row
    assert world.foreign
    answer = world.client().get(world.url(None, "export?archived=all&format=csv"))
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3, "heading, one row, who exported"
    assert world.person.name in rows[-1][0]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.user, entry.after["rows"], entry.after["ledger"]) == (world.person, 1, world.ledger.code)


@check
def an_export_carries_no_formula(world: World) -> None:
    own = [item for item in world.ledger.column_data if _is_text(item) and "__" not in item.name]
    name = next((item.name for item in own if not item.mask and item.name != "state"), "")
    if not name:
        return
    overwrite(world.row, **{name: "=1+1"})
    answer = world.client().get(world.url(None, "export?archived=all&format=csv"))
    assert not re.search(r'(^|,)"?=1', answer.content.decode("utf-8-sig"), re.M)


def _is_text(item: Any) -> bool:
    field = item.field
    return field is not None and field.get_internal_type() == "CharField" and not field.choices


def _sheet(world: World, values: dict[str, str]) -> SimpleUploadedFile:
    """A file to import with one row, under the headings of the form."""
    fields = form_for(world.ledger, world.person).fields
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([fields[name].label for name in values])
    writer.writerow(list(values.values()))
    return SimpleUploadedFile("导入.csv", b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv")


def _as_cells(world: World, record: Any) -> dict[str, str]:
    """A record as people write it into a sheet."""
    found = {}
    for name in world.ledger.form_names:
        field: Any = world.ledger.model._meta.get_field(name)
        if field.many_to_many or field.get_internal_type() in ("JSONField", "DateTimeField"):
            continue
        value = getattr(record, name)
        shown = getattr(record, f"get_{name}_display")() if field.choices else value
        if value is not None and value != "":
            found[name] = ("是" if value else "否") if isinstance(value, bool) else str(shown)
    return found


def _import(world: World, values: dict[str, str], user: Any = None) -> Any:
    client = world.client(user)
    answer = client.post(world.url(None, "import"), {"file": _sheet(world, values)})
    if answer.status_code != 303:
        return answer
    client.post(f"{answer['Location']}confirm", {"mode": "all"})
    return answer


@check
def an_import_stores_nothing_outside(world: World) -> None:
    if not writable(world) or "org" not in world.ledger.form_names:
        return
    record = stored(world)
    before = world.ledger.model.unguarded.filter(org=world.outside).count()
    _import(world, _as_cells(world, record) | {"org": world.outside.name})
    assert world.ledger.model.unguarded.filter(org=world.outside).count() == before
    record.refresh_from_db()
    assert record.org_id == world.inside.pk


@check
def importing_what_is_there_changes_nothing(world: World) -> None:
    if not writable(world) or not world.ledger.key:
        return
    record = stored(world)
    before, count = record.version, world.ledger.model.unguarded.count()
    answer = _import(world, _as_cells(world, record))
    assert answer.status_code == 303, text(answer)
    record.refresh_from_db()
    assert (record.version, world.ledger.model.unguarded.count()) == (before, count)

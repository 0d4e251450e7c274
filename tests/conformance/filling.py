"""What a person would type into the forms of a ledger."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.base.schools import School, SchoolKind
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, OrgUnit, declared_permissions
from anlan.engines.registry.access import options
from anlan.engines.registry.api import Ledger, form_for
from anlan.engines.registry.forming import RecordForm
from anlan.kernel import clock
from tests.conformance.rows import a_related, values_for
from tests.factories import a_role
from tests.tasks.conftest import PNG


def a_kindergarten(unit: OrgUnit) -> None:
    """The profile that makes a unit one."""
    if not School.unguarded.filter(org=unit).exists():
        said = {"kind": SchoolKind.KINDERGARTEN, "nature_id": "school_nature.public"}
        create(SYSTEM, School(org=unit, name=unit.name, **said))


# What has to be there before a form offers a choice.
PREPARED = {"kindergarten.rounds.participants": a_kindergarten}


def typed(value: Any) -> Any:
    """A value as a form sends it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.zone()):%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "on" if value else ""
    return str(getattr(value, "pk", value))


def filled(ledger: Ledger, unit: OrgUnit, user: Any) -> dict[str, Any]:
    """What a person sends who fills the empty form in with the ledger's example."""
    values = values_for(ledger.model, unit, ledger) | {"org": unit}
    for name, said in ledger.example.items():
        field: Any = ledger.model._meta.get_field(name)
        if not field.is_relation and not field.unique and name not in ledger.masked:
            values[name] = said
    wanted = [name for name in ledger.form_names if _needed(ledger, name) and values.get(name) is not None]
    found = {name: typed(values[name]) for name in wanted}
    many = {name: _several(ledger, name, unit, user) for name in ledger.form_names if _is_many(ledger, name)}
    for name in {*found, *many} & {name for name, rule in ledger.choices.items() if callable(rule)}:
        chosen = _several(ledger, name, unit, user)
        (many if name in many else found)[name] = chosen if name in many else chosen[0]
    form = form_for(ledger, user)
    shown = rendered(form)
    return {name: value for name, value in (shown | found | many).items() if value not in ("", [])}


def pictures(ledger: Ledger) -> dict[str, Any]:
    """A new picture for each file the ledger needs."""
    slots = ledger.needed_files.split()
    return {slot: SimpleUploadedFile(f"{slot}.png", PNG, "image/png") for slot in slots}


def _needed(ledger: Ledger, name: str) -> bool:
    return name in ledger.example or not ledger.model._meta.get_field(name).blank


def _is_many(ledger: Ledger, name: str) -> bool:
    return bool(ledger.model._meta.get_field(name).many_to_many)


def _several(ledger: Ledger, name: str, unit: OrgUnit, user: Any) -> list[str]:
    """Something the form offers; a person is given the rights by which a ledger narrows its choices."""
    field: Any = ledger.model._meta.get_field(name)
    made = a_related(field, unit)
    if prepare := PREPARED.get(f"{ledger.code}.{name}"):
        prepare(unit)
    offered = options(ledger, user, field, "add")
    if not offered.filter(pk=made.pk).exists() and isinstance(made, User):
        everything = a_role(f"everything{made.pk}", *(item.code for item in declared_permissions))
        Grant.objects.create(user=made, role=everything, unit=unit)
    return [typed(made if offered.filter(pk=made.pk).exists() else offered.first())]


def rendered(form: RecordForm) -> dict[str, Any]:
    """What the browser sends when the form is left as it was shown."""
    found = {}
    for bound in form:
        value = bound.value()
        if value is None or isinstance(bound.field, forms.FileField):
            continue
        found[bound.html_name] = [typed(v) for v in value] if isinstance(value, list) else typed(value)
    return found


def key_of(page: str) -> str:
    """The idempotency key of a form page."""
    found = re.search(r'name="idempotency" value="(\w+)"', page)
    assert found, "the form carries no idempotency key"
    return found[1]

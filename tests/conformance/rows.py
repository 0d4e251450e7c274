"""Rows of any record, made from the ledger's example and the model's own fields."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Ledger, ledger_of
from anlan.kernel import clock
from anlan.kernel.identifiers import citizen_check

SKIPPED = {"id", "uid", "version", "created_at", "created_by", "updated_at", "archived_at"}
PERSONAL = {
    "phone": "13859{:06d}",
    "name": "王小明{}",
    "address": "长安街{}号",
}
_number = count(1)


def a_row(ledger: Ledger, unit: OrgUnit, **said: Any) -> Any:
    """A stored row that the ledger lists; the model's checks are not asked, scope does not depend on them."""
    record = _stored(ledger, unit, said)
    return _listed(ledger, record)


def _stored(ledger: Ledger, unit: OrgUnit, said: dict[str, Any]) -> Any:
    """The row, at a new unit beside where the model knows only one such row per unit."""
    for place in (unit, None):
        record = ledger.model(org=place or _beside(unit), **(values_for(ledger.model, unit, ledger) | said))
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            continue
        return record
    raise AssertionError(f"{ledger.code}: no second row can be made")


def overwrite(record: Any, **values: Any) -> None:
    """Put values into a stored row past everything that guards it."""
    models.QuerySet.update(type(record).unguarded.filter(pk=record.pk), **values)


def _beside(unit: OrgUnit) -> OrgUnit:
    number = next(_number)
    made: OrgUnit = OrgUnit.objects.create(
        code=f"X{number}", name=f"旁边第{number}小学", kind=unit.kind, parent=unit.parent
    )
    return made


def _listed(ledger: Ledger, record: Any) -> Any:
    """Turn the state until the ledger's own part of the rows holds the record."""
    mine = ledger.refine(ledger.model.objects.unscoped().filter(pk=record.pk))
    for state in [] if mine.exists() or not ledger.flow else ledger.flow.states:
        ledger.model.unguarded.filter(pk=record.pk).update(state=state)
        if ledger.refine(ledger.model.objects.unscoped().filter(pk=record.pk)).exists():
            record.refresh_from_db()
            break
    return record


def values_for(model: type[models.Model], unit: OrgUnit, ledger: Ledger | None = None) -> dict[str, Any]:
    """A value for every field that needs one, and for every text people fill in."""
    number = next(_number)
    found = {}
    for field in model._meta.concrete_fields:
        said = ledger is not None and field.name in ledger.example
        if field.name in SKIPPED | {"org"} or field.primary_key or (_left_to_flow(field) and not said):
            continue
        value = _value(field, unit, number, ledger)
        if value is not None:
            found[field.name] = value
    return found


def _left_to_flow(field: Any) -> bool:
    return field.name == "state" or (field.name == "due_at" and field.null)


def _value(field: Any, unit: OrgUnit, number: int, ledger: Ledger | None) -> Any:
    mask = ledger.masked.get(field.name) if ledger else None
    if mask == "identity":
        return an_identity(number)
    if mask in PERSONAL:
        return PERSONAL[mask].format(number)[: field.max_length]
    example = ledger.example.get(field.name) if ledger else None
    if field.is_relation:
        return a_related(field, unit)
    if example is not None and (field.choices or not _text(field)):
        return field.to_python(example)
    if field.choices:
        return field.default if field.has_default() else field.choices[0][0]
    if field.has_default() and not _text(field):
        return None
    return _plain(field, number, str(example) if example else "")


def an_identity(number: int) -> str:
    """An identity number with its check digit, another one for each number."""
    stem = f"350582{date(1980, 1, 1) + timedelta(days=number % 9000):%Y%m%d}{number % 1000:03d}"
    return stem + citizen_check(stem)


def _text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def _plain(field: Any, number: int, example: str) -> Any:
    if isinstance(field, models.SlugField):
        return f"s{number}"
    if _text(field):
        wanted = field.editable or (field.unique and not field.null)
        return f"{number}{example or field.verbose_name}"[: field.max_length] if wanted else None
    if field.null:
        return None
    for kind, make in MAKERS:
        if isinstance(field, kind):
            return make(number)
    return None


MAKERS: tuple[tuple[type[Any], Any], ...] = (
    (models.BooleanField, lambda number: False),
    (models.DateTimeField, lambda number: clock.now() - timedelta(hours=1)),
    (models.DateField, lambda number: clock.today() + timedelta(days=number)),
    (models.DecimalField, lambda number: Decimal(1)),
    (models.FloatField, lambda number: 1.0),
    (models.BigIntegerField, lambda number: number),  # the key of a row of some ledger
    (models.IntegerField, lambda number: 1),
    (models.UUIDField, lambda number: uuid4()),
    (models.JSONField, lambda number: {}),
)


def a_related(field: Any, unit: OrgUnit) -> Any:
    """What a relation points to, made where it is needed."""
    related = field.related_model
    limit = field.get_limit_choices_to() if hasattr(field, "get_limit_choices_to") else {}
    if issubclass(related, OrgUnit):
        near = OrgUnit.objects.filter(path__startswith=unit.path[: unit.path.rstrip("/").rfind("/") + 1])
        return unit if not limit else near.complex_filter(limit).first()
    if issubclass(related, User):
        return None if field.null else a_person(unit)
    if getattr(field, "null", False) and field.blank:
        return None
    if related is field.model:
        return None
    if issubclass(related, Record):
        known = ledger_of(related)
        if known is not None:
            return a_row(known, unit)
        record = related(org=unit, **values_for(related, unit))
        record.save()
        return record
    fitting = related._default_manager.complex_filter(limit).first()
    return fitting or related._default_manager.create(**values_for(related, unit))


def a_person(unit: OrgUnit) -> User:
    """An account of a unit."""
    number = next(_number)
    return User.objects.create(
        username=f"p{number}", name=f"人员{number}", unit=unit, must_change_password=False
    )

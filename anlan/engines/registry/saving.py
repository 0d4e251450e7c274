"""Storing what a person filled in: one way for form, import and API."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, archive, change, create, create_all, validate
from anlan.engines.org.api import Record, scope
from anlan.engines.registry.access import can, options
from anlan.engines.registry.declaring import Ledger, state_words
from anlan.engines.registry.masking import masked
from anlan.kernel.errors import Conflict, Forbidden, Rejected


def add(actor: Actor, ledger: Ledger, values: dict[str, Any]) -> Any:
    """A new record. Forbidden without the right, Rejected for bad input, Conflict for a natural key taken."""
    _writable(ledger)
    if not scope(actor.user, ledger.permission("add")):
        raise Forbidden(ledger.permission("add"))
    values = _checked(actor, ledger, None, values)
    many = {name: values.pop(name) for name in list(values) if _is_many(ledger, name)}
    record = ledger.model(**values)
    _own(actor, ledger, record)
    with transaction.atomic():
        create(actor, record)
        if many:
            change(actor, record, many)
    return record


def add_all(actor: Actor, ledger: Ledger, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Many new records, with the rules of :func:`add` and few statements; all or nothing.

    IntegrityError where the database knows a natural key already.
    """
    _writable(ledger)
    if not scope(actor.user, ledger.permission("add")):
        raise Forbidden(ledger.permission("add"))
    for values in rows:
        _check_names(ledger, None, values)
    if any(_is_many(ledger, name) for values in rows for name in values):
        with transaction.atomic():
            return [add(actor, ledger, dict(values)) for values in rows]
    _check_options_of(actor, ledger, rows)
    return create_all(actor, [_new(actor, ledger, values) for values in rows])


def _new(actor: Actor, ledger: Ledger, values: dict[str, Any]) -> Any:
    """A record that fits the form and the rules, not stored; relations were checked for all rows together."""
    if faults := ledger.clean(actor.user, None, values):
        raise Rejected(faults)
    record = ledger.model(**values)
    _own(actor, ledger, record)
    record.created_by = record.created_by or actor.user
    relations = {field.name for field in record._meta.concrete_fields if field.is_relation}
    validate(record, relations, alone=True)
    return record


def amend(
    actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any], version: int | None = None
) -> Any:
    """Change a record; untouched masks stay. Raises as :func:`add`, and Conflict for a lost race."""
    _writable(ledger)
    if not can(ledger, actor.user, record, "edit"):
        raise Forbidden(ledger.permission("edit"))
    if why := fixed(ledger, record):
        raise Conflict(why)
    values = _checked(actor, ledger, record, _unmasked(ledger, record, values))
    return change(actor, record, values, version=version)


def put_away(actor: Actor, ledger: Ledger, record: Any) -> Any:
    """Archive a record; Conflict where it is archived already or its workflow has not ended."""
    _writable(ledger)
    if not can(ledger, actor.user, record, "archive"):
        raise Forbidden(ledger.permission("archive"))
    if why := kept(ledger, record):
        raise Conflict(why)
    return archive(actor, record)


def fixed(ledger: Ledger, record: Any) -> str:
    """Why the record may not be edited now, in words; empty where it may."""
    if record.archived_at is not None:
        return "记录已归档，不能再改"
    if ledger.flow and not record.open:
        return f"当前状态是“{state_words(record)}”，不能再改"
    return ledger.locked(record, "edit")


def kept(ledger: Ledger, record: Any) -> str:
    """Why the record may not be archived now, in words; empty where it may."""
    if record.archived_at is not None:
        return "这条记录已经归档"
    if ledger.flow and record.open:
        return f"当前状态是“{state_words(record)}”，办结后才能归档"
    return ledger.locked(record, "archive")


def _writable(ledger: Ledger) -> None:
    if ledger.readonly:
        raise Forbidden(ledger.permission("edit"), "这里的数据由来源系统维护")


def _is_many(ledger: Ledger, name: str) -> bool:
    return bool(ledger.model._meta.get_field(name).many_to_many)


def _checked(actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    _check_names(ledger, record, values)
    _check_options(actor, ledger, record, values)
    if faults := ledger.clean(actor.user, record, values):
        raise Rejected(faults)
    return values


def _check_names(ledger: Ledger, record: Any, values: dict[str, Any]) -> None:
    if foreign := set(values) - set(ledger.form_names):
        raise Rejected(dict.fromkeys(sorted(foreign), "这一项不能在这里填写"))
    if record is None and "org" not in values:
        raise Rejected({"org": "请选择单位"})


def _check_options(actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any]) -> None:
    verb = "add" if record is None else "edit"
    outside = {}
    for name, value in values.items():
        field = ledger.model._meta.get_field(name)
        if not field.is_relation or value is None or (record and getattr(record, name) == value):
            continue
        chosen = [item.pk for item in value] if field.many_to_many else [value.pk]
        if options(ledger, actor.user, field, verb).filter(pk__in=chosen).count() < len(set(chosen)):
            outside[name] = "请从列出的选项中选择"
    if outside:
        raise Rejected(outside)


def _check_options_of(actor: Actor, ledger: Ledger, rows: Sequence[dict[str, Any]]) -> None:
    """The same for new rows: one query for each relation, however many rows."""
    outside = {}
    for name in {name for values in rows for name in values}:
        field = ledger.model._meta.get_field(name)
        chosen = (
            {values[name].pk for values in rows if values.get(name) is not None} if field.is_relation else ()
        )
        if chosen and options(ledger, actor.user, field, "add").filter(pk__in=chosen).count() < len(chosen):
            outside[name] = "请从列出的选项中选择"
    if outside:
        raise Rejected(outside)


def _own(actor: Actor, ledger: Ledger, record: Record) -> None:
    owner = ledger.model.OWNER
    found = scope(actor.user, ledger.permission("add"))
    if owner and not found.covers(record.org.path):
        setattr(record, owner, actor.user)


def _unmasked(ledger: Ledger, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out masked fields that came back exactly as the mask showed them."""
    shown = {name: masked(kind, getattr(record, name, None)) for name, kind in ledger.masked.items()}
    return {name: value for name, value in values.items() if name not in shown or value != shown[name]}

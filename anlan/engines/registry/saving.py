"""Storing what a person filled in: one way for form, import and API."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, archive, change, create
from anlan.engines.org.api import Record, scope
from anlan.engines.registry.access import can, options
from anlan.engines.registry.declaring import Ledger, state_words
from anlan.engines.registry.masking import masked
from anlan.kernel.errors import Conflict, Forbidden, Rejected


def add(actor: Actor, ledger: Ledger, values: dict[str, Any], files: Collection[str] = ()) -> Any:
    """A new record, that brings files of these slots. Forbidden without the right, Rejected for bad input,
    Conflict for a natural key taken.
    """
    writable(ledger)
    need_files(ledger, files)
    if not scope(actor.user, ledger.permission("add")):
        raise Forbidden(ledger.permission("add"))
    values = _checked(actor, ledger, None, values)
    many = {name: values.pop(name) for name in list(values) if is_many(ledger, name)}
    record = ledger.model(**values)
    give_owner(actor, ledger, record)
    with transaction.atomic():
        create(actor, record)
        if many:
            change(actor, record, many)
    return record


def amend(
    actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any], version: int | None = None
) -> Any:
    """Change a record; untouched masks stay. Raises as :func:`add`, and Conflict for a lost race."""
    writable(ledger)
    if not can(ledger, actor.user, record, "edit"):
        raise Forbidden(ledger.permission("edit"))
    if why := fixed(ledger, record):
        raise Conflict(why)
    values = _checked(actor, ledger, record, _unmasked(ledger, record, values))
    return change(actor, record, values, version=version)


def put_away(actor: Actor, ledger: Ledger, record: Any) -> Any:
    """Archive a record; Conflict where it is archived already or its workflow has not ended."""
    writable(ledger)
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


def need_files(ledger: Ledger, files: Collection[str] = ()) -> None:
    """Rejected where a new record comes without the files it needs."""
    missing = [slot for slot in ledger.needed_files.split() if slot not in files]
    if missing:
        raise Rejected({slot: f"请在登记页面上传{ledger.files[slot]}" for slot in missing})


def writable(ledger: Ledger) -> None:
    """Forbidden where another system keeps the rows."""
    if ledger.readonly:
        raise Forbidden(ledger.permission("edit"), "这里的数据由来源系统维护")


def is_many(ledger: Ledger, name: str) -> bool:
    """Whether a field holds several records."""
    return bool(ledger.model._meta.get_field(name).many_to_many)


def _checked(actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    check_names(ledger, record, values)
    _check_options(actor, ledger, record, values)
    if faults := ledger.clean(actor.user, record, values):
        raise Rejected(faults)
    return values


def check_names(ledger: Ledger, record: Any, values: dict[str, Any]) -> None:
    """Rejected for a field that is not the form's, and for a new record without a unit."""
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


def give_owner(actor: Actor, ledger: Ledger, record: Record) -> None:
    """Whoever may add only for themselves owns what they add."""
    owner = ledger.model.OWNER
    found = scope(actor.user, ledger.permission("add"))
    if owner and not found.covers(record.org.path):
        setattr(record, owner, actor.user)


def _unmasked(ledger: Ledger, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out masked fields that came back exactly as the mask showed them."""
    shown = {name: masked(kind, getattr(record, name, None)) for name, kind in ledger.masked.items()}
    return {name: value for name, value in values.items() if name not in shown or value != shown[name]}

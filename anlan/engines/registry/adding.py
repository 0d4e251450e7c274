"""Many new records at once, as an import brings them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, create_all, validate
from anlan.engines.org.api import scope
from anlan.engines.registry.access import options
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.inspecting import reckoned
from anlan.engines.registry.saving import add, check_names, give_owner, is_many, need_files, writable
from anlan.kernel.errors import Forbidden, Rejected


def add_all(actor: Actor, ledger: Ledger, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Many new records, with the rules of :func:`add` and few statements; all or nothing.

    IntegrityError where the database knows a natural key already.
    """
    writable(ledger)
    if rows:
        need_files(ledger)
    if not scope(actor.user, ledger.permission("add")):
        raise Forbidden(ledger.permission("add"))
    for values in rows:
        check_names(ledger, None, values)
    if any(is_many(ledger, name) for values in rows for name in values):
        with transaction.atomic():
            return [add(actor, ledger, dict(values)) for values in rows]
    _check_options_of(actor, ledger, rows)
    return create_all(actor, reckoned([_new(actor, ledger, values) for values in rows]))


def _new(actor: Actor, ledger: Ledger, values: dict[str, Any]) -> Any:
    """A record that fits the form and the rules, not stored; relations were checked for all rows together."""
    if faults := ledger.clean(actor.user, None, values):
        raise Rejected(faults)
    record = ledger.model(**values)
    give_owner(actor, ledger, record)
    record.created_by = record.created_by or actor.user
    relations = {field.name for field in record._meta.concrete_fields if field.is_relation}
    validate(record, relations, alone=True)
    return record


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

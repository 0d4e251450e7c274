"""The one write path: validation, conditional update, audit entry and event, in one transaction.

Nothing else writes records. Forms, moves, imports, the API, offline uploads and jobs all end here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from anlan.engines.audit.actors import Actor
from anlan.engines.audit.entries import AuditEntry, build
from anlan.engines.audit.sealing import seal_later
from anlan.engines.org.api import Record
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

R = TypeVar("R", bound=Record)
SILENT = {"version", "updated_at"}


@dataclass(frozen=True)
class Written:
    """Event: a record was written. ``action`` is create, change, archive or ``move:<name>``.

    ``together``: one of many new records, which :class:`WrittenTogether` tells of once more as a whole.
    """

    actor: Actor
    record: Record
    action: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    together: bool = False


@dataclass(frozen=True)
class WrittenTogether:
    """Event: many new records of one model were stored; for handlers that ask once for all of them."""

    actor: Actor
    records: Sequence[Record]
    action: str


@dataclass(frozen=True)
class Changing:
    """Event: a stored record is about to be changed, or a file to join or leave it; a handler that raises stops it.

    ``record`` is still as it was read. ``action`` is that of the change, ``attach`` or ``detach``.
    """

    actor: Actor
    record: Record
    action: str


def snapshot(record: models.Model, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Column values by field name, as the audit trail keeps them."""
    silent = SILENT | record.unsaid() if isinstance(record, Record) else SILENT
    fields = [f for f in record._meta.concrete_fields if f.name not in silent]
    wanted = set(names) if names is not None else None
    return {f.name: f.value_from_object(record) for f in fields if wanted is None or f.name in wanted}


def validate(record: models.Model, exclude: Iterable[str] = (), *, alone: bool = False) -> None:
    """``full_clean`` with Anlan's refusal: Rejected, messages by field.

    ``alone`` leaves to the database what other rows have to do with it (uniqueness, constraints).
    """
    try:
        record.full_clean(exclude=set(exclude), validate_unique=not alone, validate_constraints=not alone)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Rejected:
    said = error.message_dict
    return Rejected({("" if name == NON_FIELD_ERRORS else name): texts for name, texts in said.items()})


def log(actor: Actor, action: str, record: models.Model | None = None, **values: Any) -> AuditEntry:
    """Write an entry that is no change of a record: sign-in, view, export, refusal."""
    entry = build(actor, action, record, **values)
    entry.save(force_insert=True)
    seal_later()
    return entry


def create(actor: Actor, record: R, *, action: str = "create") -> R:
    """Store a new record. Rejected for bad input; Conflict when its ``uid`` or natural key is there
    already.
    """
    record.created_by = record.created_by or actor.user
    actor = record.signing(actor)
    validate(record)
    with transaction.atomic():
        try:
            with transaction.atomic():
                record.save(force_insert=True)
        except IntegrityError:
            raise Conflict("已经有同样的记录") from None
        after = snapshot(record)
        log(actor, action, record, after=after)
        events.publish(Written(actor, record, action, {}, after))
    return record


def create_all(actor: Actor, records: Sequence[R], *, action: str = "create") -> list[R]:
    """Store many new records of one model in one statement each for rows and entries; all or nothing."""
    if not records:
        return []
    for record in records:
        record.created_by = record.created_by or actor.user
    with transaction.atomic():
        stored = type(records[0]).unguarded.bulk_create(records, batch_size=500)
        AuditEntry.objects.bulk_create(
            [build(actor, action, record, after=snapshot(record)) for record in stored], batch_size=500
        )
        for record in stored:
            events.publish(Written(actor, record, action, {}, snapshot(record), together=True))
        events.publish(WrittenTogether(actor, stored, action))
        seal_later()
    return stored


def change(
    actor: Actor,
    record: R,
    values: dict[str, Any],
    *,
    action: str = "change",
    expect: Q | None = None,
    version: int | None = None,
) -> R:
    """Write ``values`` if the row is still at its version and meets ``expect``; Conflict otherwise.

    ``version`` is the version the person was looking at (a form's hidden field); by default the one just
    read. Archived records refuse every change, and handlers of :class:`Changing`
    may refuse more. Nothing is written when no value differs.
    """
    events.publish(Changing(actor, record, action))
    actor = record.signing(actor)
    before = snapshot(record, values)
    many = {name: values[name] for name in values if record._meta.get_field(name).many_to_many}
    _fill(record, {name: value for name, value in values.items() if name not in many})
    after = snapshot(record, values)
    changed = {name for name in after if after[name] != before[name]}
    if not changed and not many and action == "change":
        return record
    if held := changed & set(record.FROZEN.split()):
        record.refresh_from_db()
        log(actor, f"refused:{action}", record, succeeded=False, after={name: after[name] for name in held})
        raise Conflict("已经发布的内容不能改写")
    try:
        with transaction.atomic():
            _conditional_update(record, changed, expect, record.version if version is None else version)
            for name, chosen in many.items():
                manager = getattr(record, name)
                before[name] = sorted(manager.values_list("pk", flat=True))
                manager.set(chosen)
                after[name] = sorted(manager.values_list("pk", flat=True))
            kept = changed | set(many)
            before, after = ({name: side[name] for name in side if name in kept} for side in (before, after))
            for name in kept.intersection(record.BY_KEY.split()):
                before[name], after[name] = _differing(before[name], after[name])
            log(actor, action, record, before=before, after=after)
            events.publish(Written(actor, record, action, before, after))
    except _Doubled:
        _say_what_is_doubled(record)
    return record


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys whose values differ, on both sides."""
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return (
        {key: value for key, value in before.items() if key in changed},
        {key: value for key, value in after.items() if key in changed},
    )


class _Doubled(Exception):
    """Another row holds already what only one may hold."""


def _say_what_is_doubled(record: Record) -> NoReturn:
    """Rejected in the words of the rule; Conflict where the other row is gone again."""
    try:
        record.validate_constraints()
        record.validate_unique()
    except ValidationError as error:
        raise _refusal(error) from None
    finally:
        record.refresh_from_db()
    raise Conflict("已经有同样的记录")


def _fill(record: Record, values: dict[str, Any]) -> None:
    """Put the values in and judge them; a refused record is left as it was, for the page that shows it again."""
    fields = [f for f in record._meta.concrete_fields if f.name in values]
    before = {f.attname: getattr(record, f.attname) for f in fields}
    try:
        for name, value in values.items():
            setattr(record, name, value)
        # What stays as it was may stay, even where it could not be chosen today (a kind out of use).
        changed = {f.name for f in fields if getattr(record, f.attname) != before[f.attname]}
        validate(record, {f.name for f in record._meta.concrete_fields} - changed)
    except Rejected:
        for name, value in before.items():
            setattr(record, name, value)
        raise


def _conditional_update(record: Record, changed: set[str], expect: Q | None, version: int) -> None:
    rows = type(record).unguarded.filter(pk=record.pk, version=version)
    if "archived_at" not in changed:
        rows = rows.filter(archived_at=None)
    fields = [f for f in record._meta.concrete_fields if f.name in changed]
    values = {f.attname: getattr(record, f.attname) for f in fields}
    moment = clock.now()
    try:
        done = rows.filter(expect or Q()).update(**values, version=F("version") + 1, updated_at=moment)
    except IntegrityError:
        raise _Doubled from None
    if not done:
        record.refresh_from_db()
        raise Conflict("别人刚刚改过这条记录，或它已归档；您填的内容还在，请核对后再提交")
    record.version, record.updated_at = version + 1, moment


def archive(actor: Actor, record: R, *, action: str = "archive") -> R:
    """Close a record for good: it stays readable and refuses every change."""
    return change(actor, record, {"archived_at": clock.now()}, action=action)

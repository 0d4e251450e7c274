"""Merging of duplicates: what still refers to the one refers to the other from now on; the one is archived.

What has ended, is archived or frozen keeps naming the duplicate, which stays readable beside the record kept.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms
from django.db import models, transaction

from anlan.engines.audit.api import Actor, archive, change, create
from anlan.engines.org.api import Record, scope
from anlan.engines.registry.acting import Act, asked_by
from anlan.engines.registry.declaring import Block, Ledger
from anlan.engines.registry.saving import fixed
from anlan.engines.tasks.api import close_todos
from anlan.kernel.errors import Conflict, Forbidden, Rejected

MOST = 2000  # rows changed by one merger, in one transaction
Place = tuple[Any, Record]


class Merger(Record):
    """A duplicate that went up in another record; ``moved`` counts by name what refers to the other now."""

    ledger = models.CharField(max_length=60)
    lost = models.BigIntegerField()
    kept = models.BigIntegerField()
    reason = models.CharField("理由", max_length=200)
    moved = models.JSONField(default=dict)

    class Meta(Record.Meta):
        verbose_name = "合并"
        indexes = [models.Index(fields=["ledger", "kept"], name="registry_merger_kept")]
        constraints = [models.UniqueConstraint(fields=["ledger", "lost"], name="registry_merger_once")]

    def __str__(self) -> str:
        return self.reason


def references(record: Record) -> Iterator[Place]:
    """Field and row of everything that names the record and may still be changed."""
    for relation in record._meta.get_fields(include_hidden=True):
        field: Any = getattr(relation, "field", None)
        if not relation.auto_created or relation.concrete or field is None:
            continue
        if not issubclass(field.model, Record) or field.name in field.model.FROZEN.split():
            continue
        for row in field.model.unguarded.filter(**{field.name: record}, archived_at=None)[: MOST + 1]:
            if getattr(row, "open", True):
                yield field, row


def merge(actor: Actor, ledger: Ledger, lost: Any, kept: Any, reason: str) -> Merger:
    """Let ``kept`` take the place of ``lost``.

    Forbidden without the right over both; Rejected for records of two units and where both are named by what may
    name one only; Conflict for what is being worked on, was merged meanwhile, or is named too often.
    """
    right = ledger.permission("archive")
    for one in (lost, kept):
        if actor.user and not scope(actor.user, right).covers(one.org.path):
            raise Forbidden(right)
    if lost.pk == kept.pk or lost.org_id != kept.org_id:
        raise Rejected({"kept": "请选同一单位的另一条记录"})
    with transaction.atomic():
        both = {row.pk: row for row in _locked(ledger, lost, kept)}
        if len(both) < 2:
            raise Conflict("其中一条刚刚被归档或合并")
        lost, kept = both[lost.pk], both[kept.pk]
        _fill(actor, lost, kept, ledger)  # first: what follows from an account follows with the references
        moved = _move(actor, lost, kept)
        archive(actor, lost, action="merge")
        close_todos(lost, actor.user)
        said = {"ledger": ledger.code, "lost": lost.pk, "kept": kept.pk, "reason": reason, "moved": moved}
        return create(actor, Merger(org=kept.org, **said))


def _locked(ledger: Ledger, *records: Any) -> Any:
    """Both rows as they are now, in one order, so that two mergers do not wait for each other."""
    rows = ledger.model.unguarded.filter(pk__in=[record.pk for record in records], archived_at=None)
    return rows.select_for_update(of=("self",)).order_by("pk")


def _move(actor: Actor, lost: Any, kept: Any) -> dict[str, int]:
    found = list(references(lost))
    if len(found) > MOST:
        raise Conflict(f"有 {MOST} 条以上的记录用到它，不能一次合并")
    moved: Counter[str] = Counter()
    for field, row in found:
        try:
            change(actor, row, {field.name: _instead(field, row, lost, kept)}, action="merge")
        except Rejected as refused:
            words = "；".join(str(word) for words in refused.fields.values() for word in words)
            raise Rejected({"kept": f"{row._meta.verbose_name}“{row}”：{words}"}) from None
        moved[str(row._meta.verbose_name)] += 1
    return dict(moved)


def _instead(field: Any, row: Any, lost: Any, kept: Any) -> Any:
    if not field.many_to_many:
        return kept
    return [*getattr(row, field.name).exclude(pk=lost.pk), kept]


def _fill(actor: Actor, lost: Any, kept: Any, ledger: Ledger) -> None:
    """What the record kept leaves open, the duplicate says; what only one row may name is handed over."""
    single = [field for field in ledger.model._meta.concrete_fields if field.one_to_one]
    for field in single:
        if None not in (getattr(lost, field.attname), getattr(kept, field.attname)):
            raise Rejected({"kept": f"两条记录各有{field.verbose_name}，请先停用其中一个"})
    names = [*(name for name in ledger.form_names if not _many(ledger, name)), *(f.name for f in single)]
    values = {
        name: getattr(lost, name)
        for name in names
        if getattr(kept, name) in (None, "") and getattr(lost, name) not in (None, "")
    }
    if handed := {field.name: None for field in single if field.name in values}:
        change(actor, lost, handed, action="merge")
    if values:
        change(actor, kept, values, action="merge")


def _many(ledger: Ledger, name: str) -> bool:
    return bool(ledger.model._meta.get_field(name).many_to_many)


def _form(ledger: Ledger, record: Any, data: Any = None, files: Any = None) -> forms.Form:
    """Which record is kept, and why it is the same."""
    others = ledger.refine(ledger.model.unguarded.filter(org=record.org, archived_at=None))
    form = forms.Form(data, files)
    form.fields["kept"] = forms.ModelChoiceField(
        others.exclude(pk=record.pk),
        label="并入哪一条记录",
        help_text=(
            f"未办结的记录里有 {sum(1 for _ in references(record))} 处用到这一条，合并后都改为用保留的那条；"
            "这一条归档，不能再恢复"
        ),
    )
    form.fields["reason"] = forms.CharField(label="为什么是同一个", max_length=200)
    return form


def merged_with(ledger: Ledger, record: Any) -> dict[str, Any] | None:
    """What the panel says on either record; None where nothing was merged."""
    rows = Merger.objects.unscoped().filter(ledger=ledger.code).select_related("created_by").order_by("-pk")
    into = rows.filter(lost=record.pk).first()
    found = [_told(ledger, one, one.lost) for one in rows.filter(kept=record.pk)]
    return (
        {"into": _told(ledger, into, into.kept) if into else None, "taken": found} if into or found else None
    )


def _told(ledger: Ledger, one: Merger, pk: int) -> dict[str, Any]:
    """The other record of a merger."""
    other = ledger.model.unguarded.get(pk=pk)
    return {"title": str(other), "url": ledger.url_of(other), "merger": one, "moved": list(one.moved.items())}


def add_merging(declaration: type[Ledger], ledger: Ledger) -> None:
    """Give a ledger that ``merges`` the act and the panel."""

    def merging(self: Ledger, actor: Actor, record: Any, values: dict[str, Any]) -> str:
        merge(actor, self, record, values["kept"], values["reason"])
        return self.url_of(values["kept"])

    def mergers(self: Ledger, request: Any, record: Any) -> dict[str, Any] | None:
        return merged_with(self, record)

    merging.act = Act(  # type: ignore[attr-defined]
        "合并重复",
        ledger.permission("archive"),
        asked_by(partial(_form, ledger)),
        when=lambda record: not fixed(ledger, record),
        icon="copy",
        at_home=ledger.at_home,
        name="merging",
    )
    mergers.block = Block("合并", "registry/mergers.html", "mergers")  # type: ignore[attr-defined]
    declaration.merging = merging  # type: ignore[attr-defined]
    declaration.mergers = mergers  # type: ignore[attr-defined]

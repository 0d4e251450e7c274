"""Renewal: a new number, new dates and a new scan take over; the old ones stay as history with their scan."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.dateparse import parse_date

from anlan.engines.audit.api import Actor, change, create, snapshot
from anlan.engines.files.api import attach, attachments_of, carry_over, register_reader, remove
from anlan.engines.org.api import Record
from anlan.engines.registry.acting import Act, asked_by
from anlan.engines.registry.declaring import Block, Ledger
from anlan.engines.registry.evidence import SeveralFiles, may_read_files, open_slots
from anlan.engines.registry.forming import typed
from anlan.engines.registry.known import ledgers, ledgers_of
from anlan.engines.registry.masking import masked
from anlan.engines.registry.saving import fixed
from anlan.kernel.errors import Rejected
from anlan.shell.deadlines import long_words
from anlan.shell.parts import Fact

PAPERS = "papers"


class Period(Record):
    """A former period of a record: what the renewal replaced, until which day it held."""

    ledger = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    ended_on = models.DateField("原有效期至", null=True)
    values = models.JSONField("原内容", default=dict, encoder=DjangoJSONEncoder)

    class Meta(Record.Meta):
        verbose_name = "历史有效期"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["ledger", "object_id"], name="registry_period_object")]

    def __str__(self) -> str:
        return f"有效期至 {self.ended_on}"


def _may_read(user: Any, pk: int) -> bool:
    """Old scans are read by whoever sees the record they belonged to."""
    period = Period.objects.unscoped().filter(pk=pk).first()
    ledger = ledgers.get(period.ledger) if period else None
    return bool(period and ledger and may_read_files(ledgers_of(ledger.model), user, period.object_id))


register_reader("registry.period", _may_read)


def periods_of(ledger: Ledger, record: Any) -> Any:
    """Former periods of a record, the latest first."""
    return Period.objects.unscoped().filter(ledger=ledger.code, object_id=record.pk).order_by("-pk")


def _form(ledger: Ledger, record: Any, data: Any = None, files: Any = None) -> forms.Form:
    """The form of a renewal: the fields declared, and the ledger's first file slot."""
    meta, names = ledger.model._meta, ledger.renews.split()
    form = forms.Form(data, files)
    for name in names:
        field = typed(meta.get_field(name))
        if field is not None:
            field.required = field.required or name == ledger.expires
            form.fields[name] = field
    for slot in open_slots(ledger)[:1]:
        form.fields[PAPERS] = SeveralFiles(label=f"新的{ledger.files[slot]}", required=False)
    form.initial = {name: getattr(record, name) for name in names if not _is_date(meta, name)}
    return form


def _is_date(meta: Any, name: str) -> bool:
    return isinstance(meta.get_field(name), models.DateField)


def renew(
    actor: Actor, ledger: Ledger, record: Any, values: dict[str, Any], papers: Iterable[Any] = ()
) -> Any:
    """Replace number and dates; Rejected for a new end that is not later, Conflict for a lost race."""
    before, after = getattr(record, ledger.expires), values.get(ledger.expires)
    if after is None or (before is not None and after <= before):
        raise Rejected(
            {ledger.expires: f"新的有效期要晚于原来的（{before}）" if before else "请填写新的有效期"}
        )
    with transaction.atomic():
        said = snapshot(record, ledger.renews.split())
        change(actor, record, values, action="renew")
        period = Period(org=record.org, ledger=ledger.code, object_id=record.pk, ended_on=before, values=said)
        create(actor, period)
        for slot in open_slots(ledger)[:1]:
            _file(actor, record, period, slot, list(papers))
    return record


def _file(actor: Actor, record: Any, period: Period, slot: str, papers: list[Any]) -> None:
    """The old scans go with the old period, the new ones take their place."""
    olds = attachments_of(record, slot)
    carry_over(actor, olds, period, slot)
    for old in olds:
        remove(actor, old)
    for paper in papers:
        attach(actor, record, paper, slot)


def history_of(ledger: Ledger, record: Any) -> dict[str, Any] | None:
    """What the panel of former periods shows; None without any."""
    found = [
        {
            "facts": [
                Fact(_title(ledger, name), _words(ledger, name, value)) for name, value in one.values.items()
            ],
            "files": [{"name": item.name, "url": item.address("download")} for item in attachments_of(one)],
            "by": one.created_by,
            "at": one.created_at,
        }
        for one in periods_of(ledger, record).select_related("created_by")
    ]
    return {"periods": found} if found else None


def _title(ledger: Ledger, name: str) -> str:
    field: Any = ledger.model._meta.get_field(name)
    return str(field.verbose_name)


def _words(ledger: Ledger, name: str, value: Any) -> str:
    if name in ledger.masked:
        return masked(ledger.masked[name], value)
    day = parse_date(str(value)) if _is_date(ledger.model._meta, name) and value else None
    return str(long_words(day)) if day else str(value or "未填")


def add_renewal(declaration: type[Ledger], ledger: Ledger) -> None:
    """Give a ledger that ``renews`` the act and the panel of former periods."""

    def renewing(self: Ledger, actor: Actor, record: Any, values: dict[str, Any]) -> str:
        said = dict(values)
        renew(actor, self, record, said, said.pop(PAPERS, ()))
        return ""

    def former_periods(self: Ledger, request: Any, record: Any) -> dict[str, Any] | None:
        return history_of(self, record)

    renewing.act = Act(  # type: ignore[attr-defined]
        "续期",
        ledger.permission("edit"),
        asked_by(partial(_form, ledger)),
        when=lambda record: not fixed(ledger, record),
        icon="calendar-time",
        kind="primary",
        name="renewing",
    )
    former_periods.block = Block(  # type: ignore[attr-defined]
        "历史有效期", "registry/periods.html", "former_periods"
    )
    declaration.renewing = renewing  # type: ignore[attr-defined]
    declaration.former_periods = former_periods  # type: ignore[attr-defined]

"""The certificates of all modules in one place: a copy of what their ledgers declare, written with the original.

A ledger that says ``certificate = {...}`` is gathered; nothing is entered here a second time (D04.2).
"""

from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.audit.api import SYSTEM, Written, archive, change, create
from anlan.engines.org.api import Record, may, scope
from anlan.engines.registry.api import Ledger, ledger_of, ledgers
from anlan.kernel import events

TEXTS = {"holder": 100, "number": 60, "issuer": 100}


def gathered() -> list[tuple[str, str]]:
    """Code and title of every ledger whose rows are certificates."""
    return [(item.code, item.title) for item in ledgers if item.certificate]


class Certificate(Record):
    """A certificate as another ledger has it; ``source`` names the row there, ``<ledger>:<key>``."""

    ledger = models.CharField("证照类别", max_length=60, choices=gathered, db_index=True)
    source = models.CharField("来源", max_length=80, unique=True, editable=False)
    holder = models.CharField("持有人或单位", max_length=TEXTS["holder"])
    number = models.CharField("编号", max_length=TEXTS["number"], blank=True)
    issuer = models.CharField("发证机关", max_length=TEXTS["issuer"], blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True)
    counts = models.BooleanField("在用", default=True)

    class Meta(Record.Meta):
        verbose_name = "证照"
        ordering = ["valid_to"]

    def __str__(self) -> str:
        return f"{self.get_ledger_display()} {self.holder}"

    @property
    def at_rest(self) -> bool:
        """No longer reminded of: whoever held it has left, or the thing is out of use."""
        return not self.counts

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Only what the person may see in the ledger that owns it."""
        condition = Q(pk__in=[])
        for code, _ in gathered():
            right = ledgers[code].permission("view")
            if may(user, right):
                condition |= Q(ledger=code) & scope(user, right).condition()
        return rows.filter(condition)


@cache
def source_of(model: type[models.Model]) -> Ledger | None:
    """The ledger that owns a model's rows, where they are certificates."""
    found = ledger_of(model) if issubclass(model, Record) else None
    return found if found is not None and found.certificate else None


def values_of(ledger: Ledger, record: Any) -> dict[str, Any]:
    """What the view shows of a row."""
    said = {name: getattr(record, field) for name, field in ledger.certificate.items()}
    said.setdefault("holder", getattr(record, ledger.columns.split()[0]))
    said |= {name: str(said.get(name) or "")[:longest] for name, longest in TEXTS.items()}
    watched = ledger.model.objects.unscoped().filter(ledger.watched, pk=record.pk).exists()
    return {**said, "org": record.org, "valid_to": getattr(record, ledger.expires), "counts": watched}


@events.on(Written)
def gather(event: Written) -> None:
    """Handler: the copy follows its original in the same transaction."""
    ledger = source_of(type(event.record))
    if ledger is None:
        return
    source = f"{ledger.code}:{event.record.pk}"
    there = Certificate.objects.unscoped().filter(source=source).first()
    if there is None:
        there = Certificate(ledger=ledger.code, source=source, **values_of(ledger, event.record))
        create(SYSTEM, there)
    elif there.archived_at is None:
        change(SYSTEM, there, values_of(ledger, event.record))
        if event.record.archived_at is not None:
            archive(SYSTEM, there)

"""The certificates of all modules in one place: a copy of what their ledgers declare, written with the original.

A ledger that says ``certificate = {...}`` is gathered; nothing is entered here a second time (D04.2).
"""

from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.domains.certificates.classes import CertificateClass
from anlan.engines.audit.api import SYSTEM, Written, archive, change, create
from anlan.engines.org.api import Record, may, scope
from anlan.engines.registry.api import Ledger, ledger_of, ledgers
from anlan.kernel import events

STAMPS = ("org", "created_by")
TEXTS = {"holder": 100, "number": 60, "issuer": 100}


def gathered() -> list[tuple[str, str]]:
    """Code and class of every ledger whose rows are certificates."""
    return [(item.code, item.certificate_title or item.title) for item in ledgers if item.certificate]


class Certificate(Record):
    """A certificate as another ledger has it; ``source`` names the row there, ``<ledger>:<key>``."""

    ledger = models.CharField("登记处", max_length=60, choices=gathered, db_index=True)
    kind = models.CharField("证照类别", max_length=40, db_index=True)
    further = models.ForeignKey(
        CertificateClass,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="自设类别",
    )
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
        return f"{self.kind} {self.holder}"

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


@cache
def naming(model: type[models.Model]) -> list[tuple[Ledger, str]]:
    """Ledgers of certificates whose rows name a record of this model (a person, a canteen), and by which field."""
    owners = [ledgers[code] for code, _ in gathered()]
    return [
        (owner, field.name)
        for owner in owners
        for field in owner.model._meta.concrete_fields
        if field.related_model is model and field.name not in STAMPS
    ]


def values_of(ledger: Ledger, record: Any) -> dict[str, Any]:
    """What the view shows of a row; a row without number and end holds no certificate."""
    said = {name: getattr(record, field) for name, field in ledger.certificate.items()}
    said.setdefault("holder", getattr(record, ledger.columns.split()[0]))
    kind, ends = said.get("kind"), getattr(record, ledger.expires)
    said |= {name: str(said.get(name) or "")[:longest] for name, longest in TEXTS.items()}
    watched = ledger.model.objects.unscoped().filter(ledger.watched, pk=record.pk).exists()
    return {
        **said,
        "kind": str(kind or ledger.certificate_title or ledger.title)[:40],
        "further": kind if isinstance(kind, CertificateClass) else None,
        "org": record.org,
        "valid_to": ends,
        "counts": watched and bool(said["number"] or ends),
    }


@events.on(Written)
def gather(event: Written) -> None:
    """Handler: the copy follows its original in the same transaction, and what the original names."""
    ledger = source_of(type(event.record))
    if ledger is not None:
        follow(ledger, event.record)
    if event.action not in ("create", "load"):
        for owner, name in naming(type(event.record)):
            for row in owner.model.objects.unscoped().filter(**{name: event.record.pk}, archived_at=None):
                follow(owner, row)


def follow(ledger: Ledger, record: Any) -> None:
    """Write the copy of one certificate anew."""
    source, values = f"{ledger.code}:{record.pk}", values_of(ledger, record)
    there = Certificate.objects.unscoped().filter(source=source).first()
    if there is None:
        if values["number"] or values["valid_to"]:
            create(SYSTEM, Certificate(ledger=ledger.code, source=source, **values))
    elif there.archived_at is None:
        change(SYSTEM, there, values)
        if record.archived_at is not None:
            archive(SYSTEM, there)

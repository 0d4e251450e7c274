"""Classes of certificates that no module owns; an administrator adds further ones (D04.1, D04.4)."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.engines.audit.api import SYSTEM, Written
from anlan.engines.registry.api import Entry, Lead, Ledger, lead_for, ledger, remind_of_dates, unique
from anlan.engines.tasks.api import enqueue
from anlan.kernel import events


class CertificateClass(Entry):
    """A class of certificates, for a unit and those below it."""

    INHERITED = True

    name = models.CharField("类别名称", max_length=40)
    lead_days = models.PositiveSmallIntegerField(
        "提前几天算即将到期",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="不填则按到期提醒设置",
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "证照类别"
        constraints = [unique("certificates_class_once", "org name", "已有这个类别")]


@ledger
class CertificateClasses(Ledger):
    """Classes of certificates."""

    model = CertificateClass
    title, noun, area, group, order = "证照类别", "种", "upkeep", "证照", 120
    columns = "name lead_days note org"
    filters, search, key = "org", "name", "org name"
    example = {"name": "高压电工证", "note": "电力部门发证"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        **dict.fromkeys(("add", "edit", "archive", "import", "export"), "bureau_safety"),
    }


def class_leads(name: str) -> list[Lead]:
    """Lead times that classes say themselves, for rows whose attribute ``name`` is the key of the class."""
    rows = CertificateClass.objects.unscoped().exclude(lead_days=None)
    return [lead_for(days, (name, pk)) for pk, days in rows.values_list("pk", "lead_days")]


@events.on(Written)
def remind_anew(event: Written) -> None:
    """Handler: a changed lead time settles what is on the desks."""
    record: Any = event.record
    if isinstance(record, CertificateClass) and "lead_days" in event.after and event.action == "change":
        enqueue(SYSTEM, remind_of_dates)

"""Word templates of bureaux: one per ledger and day it begins, used for the bureau's units below it."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import (
    Attachment,
    Incoming,
    attach,
    attachments_of,
    attachments_of_many,
    register_reader,
)
from anlan.engines.org.api import OrgUnit, Record, declare_permission, may, require
from anlan.engines.output.word_fields import HISTORY, STEPS, common_values, vocabulary
from anlan.engines.output.words import checked, filled
from anlan.engines.registry.api import Ledger
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected

WORD = declare_permission("output.word", "维护 Word 模板", ("bureau_safety",)).code
FILE = "template"


class WordTemplate(Record):
    """The layout of one ledger's records in Word from a day on; the file is its only attachment."""

    ledger = models.CharField("台账", max_length=80)
    valid_from = models.DateField("启用日期", default=clock.today)

    class Meta(Record.Meta):
        verbose_name = "Word 模板"
        indexes = [models.Index(fields=["ledger", "valid_from"], name="output_word_of_ledger")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.valid_from}"

    @property
    def path(self) -> Path:
        """Where the document lies."""
        return attachments_of(self, FILE)[0].file.path


@transaction.atomic
def keep_template(actor: Actor, ledger: Ledger, upload: Incoming, valid_from: date) -> WordTemplate:
    """Keep a template for the person's unit once it is sound and fills in; Rejected names what is wrong."""
    unit: OrgUnit | None = actor.user.unit
    if unit is None or not require(actor.user, WORD).covers(unit.path):
        raise Forbidden(WORD)
    made = create(actor, WordTemplate(org=unit, ledger=ledger.code, valid_from=valid_from))
    if not (upload.name or "").lower().endswith(".docx"):
        raise Rejected({"file": "请上传 .docx 文件（不带宏的 Word 文档）"})
    path = attach(actor, made, upload, FILE).file.path
    words = vocabulary(ledger)
    checked(path, words)
    sample = dict.fromkeys(words["names"], "示例") | {HISTORY: [dict.fromkeys(STEPS, "示例")]}
    filled(path, words, [sample], common_values(actor, ledger))
    return made


def template_of(ledger: Ledger, unit: OrgUnit) -> WordTemplate | None:
    """The template in force for records of a unit: of the nearest unit above it, the latest begun."""
    rows = WordTemplate.objects.unscoped().filter(
        ledger=ledger.code, valid_from__lte=clock.today(), archived_at=None
    )
    over = [row for row in rows.select_related("org") if unit.path.startswith(row.org.path)]
    return max(over, key=lambda row: (len(row.org.path), row.valid_from, row.pk), default=None)


def templates_of(ledger: Ledger, user: Any) -> list[tuple[WordTemplate, Attachment]]:
    """Templates the person keeps with their files, the latest first."""
    rows = WordTemplate.objects.visible(user, WORD).filter(ledger=ledger.code, archived_at=None)
    found = list(rows.select_related("org", "created_by").order_by("-valid_from", "-pk")[:100])
    files = attachments_of_many(found, FILE)
    return [(row, files[row.pk][0]) for row in found]


def reads_template(user: Any, pk: int) -> bool:
    """Whoever keeps templates of the unit fetches them."""
    return may(user, WORD) and WordTemplate.objects.visible(user, WORD).filter(pk=pk).exists()


register_reader("output.wordtemplate", reads_template)

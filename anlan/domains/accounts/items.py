"""Material entered by hand: what does not arise in another module; the bureau may return it (S06.3, S06.5)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.people import Person
from anlan.domains.accounts.sections import FILE_KINDS, Section, in_force
from anlan.engines.audit.api import Written
from anlan.engines.files.api import Attachment, declare_stock
from anlan.engines.registry.api import Entry
from anlan.engines.workflow.api import FlowRecord
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected
from anlan.kernel.school_years import school_year

DOCUMENTS, SHEETS, PICTURES = {"doc", "docx", "pdf"}, {"xls", "xlsx"}, {"jpg", "png", "webp"}
TAKEN = {
    "any": DOCUMENTS | SHEETS | PICTURES,
    "document": DOCUMENTS,
    "sheet": SHEETS,
    "picture": PICTURES,
}


class Item(FlowRecord, Entry):
    """A piece of material of a school; the day it is about says school year and period.

    ``former`` holds the versions that were returned, first one first (see ``reviewing.version_of``).
    """

    section = models.ForeignKey(Section, models.PROTECT, related_name="items", verbose_name="台账")
    title = models.CharField("材料名称", max_length=100)
    material = models.CharField(
        "是哪件应有材料", max_length=60, blank=True, help_text="与条目里写的一致；只有一件时可不填"
    )
    day = models.DateField("日期", default=clock.today, db_index=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    note = models.TextField("内容摘要", blank=True)
    comment = models.TextField("上级意见", max_length=500, blank=True)
    former = models.JSONField("退回前的版本", default=list, blank=True, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "台账材料"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["org", "section", "day"], name="accounts_item_place")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse future days, entries that do not apply on the day, material and people of others."""
        faults = {}
        names = self.section.material_names
        if self.day > clock.today():
            faults["day"] = "日期不能晚于今天"
        elif (
            not Section.objects.unscoped()
            .filter(in_force(school_year(self.day)), pk=self.section_id)
            .exists()
        ):
            faults["section"] = f"{school_year(self.day)} 学年没有这个台账"
        if not self.org.path.startswith(self.section.org.path):
            faults["section"] = "这个台账不适用于本单位"
        if names and self.material not in names and (self.material or len(names) > 1):
            faults["material"] = f"请填下列之一：{'、'.join(names)}"
        if self.person and self.person.org_id != self.org_id:
            faults["person"] = "只能选本单位人员"
        if faults:
            raise ValidationError(faults)

    @property
    def stands_for(self) -> str:
        """The required material it is; the only one where it says none."""
        return self.material or next(iter(self.section.material_names), "")


@events.on(Written)
def take_the_right_kind(event: Written) -> None:
    """A file of another kind than its ledger asks for is refused, and nothing of it kept."""
    paper = event.record
    if not isinstance(paper, Attachment) or event.action != "attach" or paper.model != "accounts.item":
        return
    wanted = Item.objects.unscoped().select_related("section").one(pk=paper.object_id).section.file_kind
    if paper.file.kind not in TAKEN[wanted]:
        raise Rejected({"file": f"这个台账只收{dict(FILE_KINDS)[wanted]}"})


declare_stock(Item)

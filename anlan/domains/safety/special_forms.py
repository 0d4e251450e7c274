"""Forms of special checks: items, templates, evidence, and the sheets on which each level judges."""

from typing import Any

from django import forms

from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart
from anlan.domains.safety.special_results import VERDICTS, SpecialResult
from anlan.engines.forms.api import FormDefinition
from anlan.engines.registry.api import FilesInStock, RiskCategory, SeveralFiles

BOXES = {"class": "form-check-input"}


class ItemForm(forms.Form):
    """One more item of a special check."""

    major = forms.CharField(label="大类", max_length=60)
    middle = forms.CharField(label="中类", max_length=60, required=False)
    wording = forms.CharField(label="检查项目", max_length=500)
    standard = forms.CharField(label="检查标准", max_length=2000, widget=forms.Textarea)
    score = forms.DecimalField(label="标准分", max_digits=6, decimal_places=2, min_value=0, initial=0)


class TemplateForm(forms.Form):
    """Which form's items to copy."""

    template = forms.ModelChoiceField(FormDefinition.unguarded.none(), label="检查表")

    @classmethod
    def for_record(cls, record: SpecialCheck, *sent: Any) -> "TemplateForm":
        """With the forms in use at the bureau and above it."""
        form = cls(*sent)
        rows = FormDefinition.unguarded.filter(org__code__in=record.org.ancestor_codes(), state="in_use")
        form.fields["template"].queryset = rows.filter(archived_at=None)  # type: ignore[attr-defined]
        return form


class RemoveForm(forms.Form):
    """Which items to take out."""

    items = forms.ModelMultipleChoiceField(
        SpecialItem.objects.none(), label="去掉哪些项目", widget=forms.CheckboxSelectMultiple(BOXES)
    )

    @classmethod
    def for_record(cls, record: SpecialCheck, *sent: Any) -> "RemoveForm":
        """With the items of the check."""
        form = cls(*sent)
        form.fields["items"].queryset = record.items.all()  # type: ignore[attr-defined]
        return form


class EvidenceForm(forms.Form):
    """Pictures and papers, for one item or for the whole."""

    item = forms.ChoiceField(label="属于哪一项", required=False)
    papers = SeveralFiles(
        label="图片、文档", required=False, help_text="照片、Word、Excel、PDF 等，可一次选多个"
    )
    chosen = FilesInStock()

    @classmethod
    def for_record(cls, record: SpecialPart, *sent: Any) -> "EvidenceForm":
        """With the items of the part."""
        form = cls(*sent)
        rows = SpecialResult.unguarded.filter(part=record).select_related("item")
        said = [("", "整体材料"), *((str(row.pk), f"{row.item.number}. {row.item}") for row in rows)]
        form.fields["item"].choices = said  # type: ignore[attr-defined]
        form.fields["chosen"].offer(record.org)  # type: ignore[attr-defined]
        return form

    def clean(self) -> dict[str, Any]:
        """Something uploaded or chosen."""
        data = super().clean() or {}
        if not self.errors and not (data["papers"] or data["chosen"]):
            self.add_error("papers", "请上传文件，或从资料库选择")
        return data


class CategoryForm(forms.Form):
    """The category of a hazard to be."""

    category = forms.ModelChoiceField(RiskCategory.unguarded.none(), label="风险类别")


class Sheet(forms.Form):
    """One level's verdicts; what the levels below said stands beside each item."""

    LEVEL = ""
    BELOW: tuple[tuple[str, str], ...] = ()
    parts: list[dict[str, Any]]

    @classmethod
    def for_record(cls, record: SpecialPart, *sent: Any) -> "Sheet":
        """With a verdict and a text for every item of the part."""
        form = cls(*sent)
        rows = SpecialResult.unguarded.filter(part=record).select_related("item")
        form.parts = [form.take(row) for row in rows]
        return form

    def take(self, row: SpecialResult) -> dict[str, Any]:
        """The fields of one item, and the part of the page they stand in."""
        verdict, text = f"verdict-{row.item_id}", f"text-{row.item_id}"
        said = [f"{title}：{row.words(level)}" for title, level in self.BELOW]
        self.fields[verdict] = forms.ChoiceField(
            label="结论",
            choices=VERDICTS,
            widget=forms.RadioSelect(),
            required=False,
            help_text="；".join([f"标准：{row.item.standard}", *said]),
            initial=getattr(row, f"{self.LEVEL}_verdict"),
        )
        self.fields[text] = forms.CharField(
            label="情况说明（不合格必填）",
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": "2"}),
            initial=getattr(row, f"{self.LEVEL}_text"),
        )
        return {
            "id": f"item-{row.item_id}",
            "title": f"{row.item.number}. {row.item}",
            "fields": [verdict, text],
        }

    def said(self) -> dict[int, tuple[str, str]]:
        """Verdict and text by item id; items left open are left out."""
        items = [int(part["id"].removeprefix("item-")) for part in self.parts]
        data = self.cleaned_data
        return {item: (data[f"verdict-{item}"], data[f"text-{item}"]) for item in items}

    def clean(self) -> dict[str, Any]:
        """Hand the verdicts on as one value."""
        data = super().clean() or {}
        return data if self.errors else {"said": self.said()}


class SchoolSheet(Sheet):
    """The school's own check."""

    LEVEL = "school"


class GroupSheet(Sheet):
    """The group's look at it."""

    LEVEL, BELOW = "group", (("学校", "school"),)


class BureauSheet(Sheet):
    """The bureau's."""

    LEVEL, BELOW = "bureau", (("学校", "school"), ("小组", "group"))

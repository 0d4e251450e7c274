"""What acts of the engine ask for: panels, the day of a demand, review scores, a title."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from anlan.engines.rounds.assessors import listed
from anlan.engines.rounds.handing_out import SUBMITTED
from anlan.engines.rounds.panels import free_leaves
from anlan.engines.rounds.processes import Text, process_of
from anlan.engines.rounds.reviewing import collected
from anlan.engines.rounds.round_records import live_panels

BOXES = {"class": "form-check-input"}


class TitleForm(forms.Form):
    """A title for a copy."""

    title = forms.CharField(label="新的名称", max_length=60)


class SheetForm(forms.Form):
    """A sheet with indicators."""

    file = forms.FileField(label="指标表", help_text="Excel，可先从另一套指标导出；有一行不对就全部不导入")


class BranchForm(forms.Form):
    """Where a branch is copied to."""

    scheme = forms.ModelChoiceField(get_user_model().objects.none(), label="复制到")
    parent = forms.CharField(
        label="上级指标编号", max_length=12, required=False, help_text="作为一级指标时不填"
    )

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "BranchForm":
        """With the schemes of the department that may still be changed."""
        form = cls(*sent)
        fields: dict[str, Any] = form.fields
        rows = type(record.scheme).unguarded.filter(org=record.org, frozen=False, archived_at=None)
        fields["scheme"].queryset = rows
        return form


class DemandForm(forms.Form):
    """Until when."""

    due_on = forms.DateField(label="交齐日期", widget=forms.DateInput({"type": "date"}))


class PanelForm(forms.Form):
    """A further group of judges."""

    title = forms.CharField(label="组名", max_length=40)
    judges = forms.ModelMultipleChoiceField(
        get_user_model().objects.none(), label="评委", widget=forms.CheckboxSelectMultiple(BOXES)
    )
    leaves = forms.MultipleChoiceField(
        label="评哪些指标", widget=forms.CheckboxSelectMultiple(BOXES), help_text="每项指标只属于一个评委组"
    )

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "PanelForm":
        """With those who may judge, and the indicators without a group."""
        form, tree = cls(*sent), record.indicators
        fields: dict[str, Any] = form.fields
        fields["judges"].queryset = listed(record.org, "judges")
        fields["leaves"].choices = [(code, f"{code} {tree[code].title}") for code in free_leaves(record)]
        return form


class DissolveForm(forms.Form):
    """Which group."""

    panel = forms.ChoiceField(label="评委组", widget=forms.RadioSelect())

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "DissolveForm":
        """With the groups in force."""
        form = cls(*sent)
        fields: dict[str, Any] = form.fields
        fields["panel"].choices = [(str(panel.pk), panel.title) for panel in live_panels(record)]
        return form


class ReplaceForm(forms.Form):
    """Whose place somebody else takes."""

    place = forms.ChoiceField(label="原评委", widget=forms.RadioSelect())
    judge = forms.ModelChoiceField(
        get_user_model().objects.none(),
        label="接替的评委",
        help_text="已交的评分保留，没有交的转给接替的评委",
    )

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "ReplaceForm":
        """With every judge of every group, and who is on the list."""
        form = cls(*sent)
        fields: dict[str, Any] = form.fields
        fields["place"].choices = [
            (f"{panel.pk}-{judge.pk}", f"{judge}（{panel.title}）")
            for panel in live_panels(record)
            for judge in panel.judges.all()
        ]
        fields["judge"].queryset = listed(record.org, "judges")
        return form


class SheetReturnForm(forms.Form):
    """Which judge scores this participant anew, and why."""

    sheet = forms.ChoiceField(label="退回谁的评分", widget=forms.RadioSelect())
    opinion = forms.CharField(label="退回原因", max_length=500, widget=forms.Textarea({"rows": "3"}))

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "SheetReturnForm":
        """With the sheets the result was made from."""
        form = cls(*sent)
        fields: dict[str, Any] = form.fields
        rows = record.entry.sheets.filter(archived_at=None, state=SUBMITTED).select_related("judge", "panel")
        fields["sheet"].choices = [(str(one.pk), f"{one.judge}（{one.panel}）") for one in rows]
        return form


class ReportForm(forms.Form):
    """The text of a report and the day its demands end."""

    body = forms.CharField(label="报告正文", max_length=20000, widget=forms.Textarea({"rows": "20"}))
    due_on = forms.DateField(
        label="整改期限",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="有整改要求时必填",
    )

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "ReportForm":
        """With what is written so far."""
        form = cls(*sent)
        form.initial = {"body": record.body, "due_on": record.due_on}
        return form


class DemandMoreForm(forms.Form):
    """A demand of a report."""

    leaf = forms.ChoiceField(label="指标", required=False)
    text = forms.CharField(label="整改要求", max_length=2000, widget=forms.Textarea({"rows": "4"}))

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "DemandMoreForm":
        """With the indicators of the round."""
        form = cls(*sent)
        form.initial = {name: getattr(record, name, "") for name in ("leaf", "text")}
        fields: dict[str, Any] = form.fields
        leaves = record.round.indicators.leaves
        fields["leaf"].choices = [
            ("", "不对应指标"),
            *((one.code, f"{one.code} {one.title}") for one in leaves),
        ]
        return form


class WriterForm(forms.Form):
    """Who writes the report."""

    writer = forms.ModelChoiceField(get_user_model().objects.none(), label="编写人")

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "WriterForm":
        """With who is on the list for it."""
        form = cls(*sent)
        fields: dict[str, Any] = form.fields
        fields["writer"].queryset = listed(record.round.org, "writes")
        return form


class ReviewForm(forms.Form):
    """Final score and reason for every indicator; it starts with the aggregated scores."""

    parts: list[dict[str, Any]]
    texts: list[Text]

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "ReviewForm":
        """With a pair of fields per indicator."""
        form = cls(*sent)
        process, heard = process_of(record), collected(record)
        form.texts = [text for text in process.texts if text.code in process.summed]
        form.parts = [
            form.take(leaf, record.scores[leaf.code], heard.get(leaf.code, {}))
            for leaf in record.round.indicators.leaves
            if leaf.code in record.scores
        ]
        return form

    def take(self, leaf: Any, said: dict[str, Any], heard: dict[str, str]) -> dict[str, Any]:
        """The fields of one indicator; texts start as what the judges wrote (``heard``)."""
        final, reason = f"final-{leaf.code}", f"reason-{leaf.code}"
        self.fields[final] = forms.DecimalField(
            label="复核分", max_digits=6, decimal_places=2, initial=said["final"],
            help_text=f"标准分 {leaf.scale.most:f}，自评 {said['own'] or '未填'}，汇总 {said['aggregated'] or '未定'}",
        )  # fmt: skip
        self.fields[reason] = forms.CharField(
            label="修改原因", required=False, max_length=500, initial=said.get("reason", "")
        )
        return {
            "id": f"leaf-{leaf.code}",
            "title": str(leaf.code) + " " + leaf.title,
            "fields": [final, reason, *(self.take_text(leaf.code, text, said, heard) for text in self.texts)],
        }

    def take_text(self, leaf: str, text: Text, said: dict[str, Any], heard: dict[str, str]) -> str:
        """The field of a text that is summed up."""
        name = f"text-{text.code}-{leaf}"
        self.fields[name] = forms.CharField(
            label=f"汇总{text.title}", required=text == self.texts[0], max_length=4000,
            initial=said.get("texts", heard).get(text.code, ""), widget=forms.Textarea({"rows": "3"}),
        )  # fmt: skip
        return name

    def summed(self) -> dict[str, dict[str, str]]:
        """The texts by leaf and code."""
        codes = [part["id"].removeprefix("leaf-") for part in self.parts if self.texts]
        data = self.cleaned_data
        return {code: {text.code: data[f"text-{text.code}-{code}"] for text in self.texts} for code in codes}

    def said(self) -> dict[str, tuple[Decimal, str]]:
        """Value and reason by leaf."""
        codes = [part["id"].removeprefix("leaf-") for part in self.parts]
        data = self.cleaned_data
        return {code: (data[f"final-{code}"], data[f"reason-{code}"]) for code in codes}

    def clean(self) -> dict[str, Any]:
        """Hand the scores on as one value."""
        data = super().clean() or {}
        return data if self.errors else {"said": self.said(), "texts": self.summed()}

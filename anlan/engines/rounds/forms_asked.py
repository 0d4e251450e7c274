"""What acts of the engine ask for: panels, the day of a demand, review scores, a title."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from anlan.engines.org.api import right_holders
from anlan.engines.rounds.panels import free_leaves
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.round_records import live_panels

BOXES = {"class": "form-check-input"}


class TitleForm(forms.Form):
    """A title for a copy."""

    title = forms.CharField(label="新的名称", max_length=60)


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
        holders = right_holders(process_of(record).right("sheets.score"))
        people = get_user_model().objects.filter(pk__in=holders, is_active=True)
        fields: dict[str, Any] = form.fields
        fields["judges"].queryset = people.order_by("name")
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


class ReviewForm(forms.Form):
    """Final score and reason for every indicator; it starts with the aggregated scores."""

    parts: list[dict[str, Any]]

    @classmethod
    def for_record(cls, record: Any, *sent: Any) -> "ReviewForm":
        """With a pair of fields per indicator."""
        form = cls(*sent)
        tree = record.round.indicators
        form.parts = [form.take(tree[leaf], said) for leaf, said in record.scores.items()]
        return form

    def take(self, leaf: Any, said: dict[str, Any]) -> dict[str, Any]:
        """The fields of one indicator."""
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
            "fields": [final, reason],
        }

    def said(self) -> dict[str, tuple[Decimal, str]]:
        """Value and reason by leaf."""
        codes = [part["id"].removeprefix("leaf-") for part in self.parts]
        data = self.cleaned_data
        return {code: (data[f"final-{code}"], data[f"reason-{code}"]) for code in codes}

    def clean(self) -> dict[str, Any]:
        """Hand the scores on as one value."""
        data = super().clean() or {}
        return data if self.errors else {"said": self.said()}

"""Small forms of acts: what is asked before pressing, extending, turning."""

from django import forms

from anlan.domains.safety.risks import RiskCategory


class PressForm(forms.Form):
    """The text of a pressing."""

    text = forms.CharField(label="督办要求", widget=forms.Textarea, max_length=500)


class ExtensionForm(forms.Form):
    """The new deadline and why."""

    until = forms.DateTimeField(label="延期至")
    reason = forms.CharField(label="延期理由", widget=forms.Textarea, max_length=500)


class TurnForm(forms.Form):
    """Whether the bureau is told."""

    reported_up = forms.BooleanField(label="同时上报教育局", required=False, initial=True)


class ItemForm(forms.Form):
    """One more item of a special check."""

    major = forms.CharField(label="大类", max_length=40)
    middle = forms.CharField(label="中类", max_length=40, required=False)
    wording = forms.CharField(label="检查项目", max_length=300)
    standard = forms.CharField(label="检查标准", max_length=500)
    score = forms.DecimalField(label="标准分", max_digits=5, decimal_places=1, min_value=0, initial=0)


class CategoryForm(forms.Form):
    """The category of a hazard to be."""

    category = forms.ModelChoiceField(RiskCategory.unguarded.filter(retired=False), label="风险类别")

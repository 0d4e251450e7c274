"""Small forms of acts: what is asked before pressing, extending, turning."""

from django import forms

from anlan.base.outlets import outlets


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


class HandForm(forms.Form):
    """Where to hand a report on to."""

    outlet = forms.ChoiceField(label="转到哪里", choices=lambda: [(one.code, one.title) for one in outlets])


class AdditionForm(forms.Form):
    """What the reporter adds."""

    text = forms.CharField(label="补充内容", widget=forms.Textarea, max_length=1000)

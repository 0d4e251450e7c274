"""What acts on traffic facilities ask (N2.06)."""

from django import forms

from anlan.domains.physical.traffic import CONDITIONS, REPLIES
from anlan.kernel import clock


class PassOnForm(forms.Form):
    """Why the department is asked."""

    reason = forms.CharField(
        label="请部门做什么", max_length=200, required=False, help_text="不写的，按登记的缺损情况移交"
    )


class ReplyForm(forms.Form):
    """What the department does about it."""

    stage = forms.ChoiceField(label="处理情况", choices=REPLIES, widget=forms.RadioSelect)
    text = forms.CharField(label="说明", max_length=400, widget=forms.Textarea)


class NotedReplyForm(ReplyForm):
    """The same, typed by the bureau."""

    day = forms.DateField(
        label="部门回复日期", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d")
    )


class VerifyForm(forms.Form):
    """What was found on the spot."""

    found = forms.ChoiceField(label="现场情况", choices=CONDITIONS, widget=forms.RadioSelect)

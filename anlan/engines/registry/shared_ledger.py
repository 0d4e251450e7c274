"""What a ledger of shareable records offers: sharing with an agency, and the agency's answer (P.03)."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from anlan.engines.audit.api import Actor, current_actor
from anlan.engines.org.api import GIVE_SHARES, RECEIVE_SHARES, OrgUnit
from anlan.engines.registry.acting import act
from anlan.engines.registry.declaring import Ledger, block
from anlan.engines.registry.sharing import agencies_for, answer, answers_of, share_record, shares_of
from anlan.kernel import clock


class ShareForm(forms.Form):
    """With whom, why, until when."""

    agency = forms.ModelChoiceField(OrgUnit.objects.none(), label="联动部门")
    reason = forms.CharField(label="共享事由", max_length=200)
    ends_on = forms.DateField(
        label="共享至",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d"),
        help_text="不填则办结前一直可看",
    )

    @classmethod
    def for_record(cls, record: Any, data: Any = None, files: Any = None) -> "ShareForm":
        """Agencies of the record's area that the acting person may share with."""
        form = cls(data, files)
        chosen: Any = form.fields["agency"]
        chosen.queryset = agencies_for(current_actor().user, record.org)
        return form

    def clean_ends_on(self) -> date | None:
        """Refuse a day gone by."""
        day: date | None = self.cleaned_data["ends_on"]
        if day and day < clock.today():
            raise forms.ValidationError("不能早于今天")
        return day


class AgencyAnswerForm(forms.Form):
    """What the agency has to say."""

    text = forms.CharField(label="答复", widget=forms.Textarea, max_length=2000)


def is_reported(record: Any) -> bool:
    """Whether a bureau sees the record at all; what a school keeps to itself is not shared."""
    return bool(getattr(record, "reported_up", True))


class SharedLedger(Ledger):
    """Mixin for ledgers whose model is ``SHAREABLE``."""

    @act("共享给部门", GIVE_SHARES, form=ShareForm, icon="share", when=is_reported)
    def share(self, actor: Actor, record: Any, values: dict[str, Any]) -> None:
        """Let an agency of the area see this record."""
        share_record(actor, record, **values)

    @act("部门答复", RECEIVE_SHARES, form=AgencyAnswerForm, icon="message", above=True)
    def answer(self, actor: Actor, record: Any, values: dict[str, Any]) -> None:
        """The agency's answer."""
        answer(actor, self, record, values["text"])

    @block("部门协同", "registry/shared.html")
    def shared(self, request: HttpRequest, record: Any) -> dict[str, Any] | None:
        """With whom the record is shared, and what they said."""
        shares, answers = list(shares_of(record)), list(answers_of(record))
        return {"shares": shares, "answers": answers} if shares or answers else None

"""The form in which a school keeps its own facts: only what the bureau opened, other fields refused."""

from typing import Any

from django import forms
from django.db import transaction

from anlan.base.school_changes import MAINTAIN, maintain
from anlan.base.school_rules import KEEPABLE, openness
from anlan.base.schools import School
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach
from anlan.kernel.errors import Forbidden

SLOTS = ("pictures", "plans", "papers")
KEPT_BY_BUREAU = {field.name for field in School._meta.get_fields()} | set(SLOTS)


class MaintainForm(forms.Form):
    """Fields opened to this school, and why it asks."""

    @classmethod
    def for_record(cls, record: School, data: Any = None, files: Any = None) -> "MaintainForm":
        """The form of one school with its present values."""
        form = cls(data, files)
        for name, rule in openness(record.org).items():
            if rule.opened:
                form.fields[name] = _field(name)
                form.initial[name] = getattr(record, name, None)
                if rule.reviewed:
                    form.fields[name].help_text = "教育局审核同意后生效"
        form.fields["reason"] = forms.CharField(label="说明", required=False, max_length=200)
        return form

    def clean(self) -> dict[str, Any]:
        """Refuse facts the bureau keeps, even if somebody sends them by hand."""
        sent = (set(self.data) | set(self.files)) & KEPT_BY_BUREAU
        if closed := sent - set(self.fields):
            raise Forbidden(MAINTAIN, f"这些信息由教育局维护：{'、'.join(sorted(closed))}")
        return dict(self.cleaned_data)


def _field(name: str) -> forms.Field:
    if name in SLOTS:
        return forms.FileField(label=KEEPABLE[name], required=False)
    model_field: Any = School._meta.get_field(name)
    made: forms.Field = model_field.formfield()
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d")
    return made


def save(actor: Actor, school: School, values: dict[str, Any]) -> str:
    """Store what was filled in; the address of the proposal, or of the school."""
    reason = values.pop("reason", "")
    sent = {slot: upload for slot in SLOTS if (upload := values.pop(slot, None))}
    with transaction.atomic():
        proposal = maintain(actor, school, values, reason)
        for slot, upload in sent.items():
            attach(actor, school, upload, slot)
    return proposal.get_absolute_url() if proposal else school.get_absolute_url()

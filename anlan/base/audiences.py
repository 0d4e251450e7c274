"""Choosing schools for anything sent down: by type, town, name, or all in scope; a school meant twice counts once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.schools import School, SchoolKind
from anlan.engines.org.api import Kind, OrgUnit

RECEIVING = (Kind.SCHOOL, Kind.UNIVERSITY, Kind.AGENCY)


class AudienceForm(forms.Form):
    """What is chosen; the choices add up, and a school meant twice is addressed once."""

    whole = forms.BooleanField(label="管理范围内全部学校", required=False)
    kinds = forms.MultipleChoiceField(
        label="按学校类型",
        choices=SchoolKind.choices,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        required=False,
    )
    towns = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(),
        label="按镇街",
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
        required=False,
    )
    named = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(),
        label="按校名",
        required=False,
        help_text="可输入校名、拼音或首字母",
        error_messages={"invalid_choice": "含有不在您管理范围内的单位"},
    )

    @classmethod
    def for_record(cls, record: Any, data: Any = None, files: Any = None) -> "AudienceForm":
        """The form as last chosen, with the towns and the schools below the sender."""
        form = cls(data, files, initial=record.audience)
        named = OrgUnit.objects.filter(kind__in=RECEIVING, path__startswith=record.org.path, closed_on=None)
        form.fields["named"].queryset = named  # type: ignore[attr-defined]
        towns = OrgUnit.objects.filter(kind=Kind.TOWNSHIP, path__startswith=record.org.path, closed_on=None)
        field: Any = form.fields["towns"]
        field.queryset = towns
        if not towns.exists():
            del form.fields["towns"]
        return form


def schools_meant(path: str, whole: bool, kinds: Iterable[str], towns: Iterable[OrgUnit]) -> Any:
    """Units of the open schools below ``path`` that the choice means today."""
    wanted = Q(kind__in=list(kinds)) | Q(town__in=list(towns))
    rows = School.objects.unscoped().filter(org__path__startswith=path, archived_at=None, closed_on=None)
    return (rows if whole else rows.filter(wanted)).values("org")

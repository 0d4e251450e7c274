"""Choosing who receives a notice: by type of school, town, name, or everybody in scope (D06.2)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.schools import School, SchoolKind
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import Kind, OrgUnit, declare_permission, require
from anlan.kernel.errors import Conflict, Rejected

SENDERS = ("bureau_safety", "bureau_leader", "team_admin", "upper_safety")
PUBLISH = declare_permission("safety.notices.publish", "通知：发布", SENDERS).code
RECEIVING = (Kind.SCHOOL, Kind.UNIVERSITY, Kind.AGENCY)
DRAFTS = ("draft", "waiting")


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
    def for_record(cls, record: Notice, data: Any = None, files: Any = None) -> "AudienceForm":
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


def address(actor: Actor, notice: Notice, said: dict[str, Any]) -> Notice:
    """Fix the addressees of a draft. Rejected for nothing chosen, or units outside the sender's scope."""
    found = require(actor.user, PUBLISH)
    if notice.state not in DRAFTS:
        raise Conflict("已发布的通知不能再换发布对象")
    named, towns = list(said.get("named") or ()), list(said.get("towns") or ())
    if not all(found.covers(unit.path) for unit in (*named, *towns)):
        raise Rejected({"named": "含有不在您管理范围内的单位"})
    chosen = schools_meant(notice.org.path, bool(said.get("whole")), said.get("kinds") or (), towns)
    units = OrgUnit.objects.filter(Q(pk__in=chosen) | Q(pk__in=[unit.pk for unit in named]), closed_on=None)
    outside = [unit for unit in units if not found.covers(unit.path)]
    if outside or not units:
        raise Rejected({"": "含有不在您管理范围内的单位" if outside else "没有选到任何学校"})
    audience = {
        "whole": bool(said.get("whole")),
        "kinds": list(said.get("kinds") or ()),
        "towns": [unit.pk for unit in towns],
        "named": [unit.pk for unit in named],
    }
    return change(actor, notice, {"audience": audience, "addressees": list(units)}, action="address")


def words(notice: Notice) -> str:
    """What was chosen, in words."""
    said = notice.audience
    if said.get("whole"):
        return "管理范围内全部学校"
    kinds = [str(SchoolKind(kind).label) for kind in said.get("kinds", ())]
    units = OrgUnit.objects.filter(pk__in=[*said.get("towns", ()), *said.get("named", ())])
    return "、".join([*kinds, *(str(unit) for unit in units)])

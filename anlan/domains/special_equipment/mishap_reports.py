"""Reporting what went wrong: a fault is mended, anything worse stops the piece and becomes an incident (D16.5)."""

from typing import Any

from django import forms
from django.db import transaction

from anlan.base.happening import Happened
from anlan.base.roles import IN_SCHOOL
from anlan.domains.special_equipment.mishaps import FAULT, KINDS, Mishap
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.files.api import attach
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import SeveralFiles
from anlan.engines.workflow.api import perform
from anlan.kernel import clock, events

REPORT = declare_permission("special_equipment.mishaps.report", "特种设备：报告故障和事故", IN_SCHOOL).code


PHOTO = "photo"


class MishapForm(forms.Form):
    """What went wrong."""

    kind = forms.ChoiceField(label="类别", choices=KINDS, widget=forms.RadioSelect, initial=FAULT)
    happened_at = forms.DateTimeField(
        label="发生时间", widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"), initial=clock.now
    )
    course = forms.CharField(label="经过", max_length=300, widget=forms.Textarea)
    people = forms.IntegerField(label="被困或受伤人数", min_value=0, max_value=999, initial=0, required=False)
    photos = SeveralFiles(label="现场照片", required=False)


@transaction.atomic
def report(actor: Actor, device: Any, values: dict[str, Any]) -> Mishap:
    """Write it down: a fault reports the piece for repair, anything worse stops it and becomes an incident."""
    kind, course = values["kind"], values["course"].strip()
    said = {"happened_at": values["happened_at"], "course": course, "people": values["people"] or 0}
    mishap = create(actor, Mishap(org=device.org, device=device, kind=kind, **said))
    for photo in values["photos"]:
        attach(actor, mishap, photo, PHOTO)
    wanted = "report" if kind == FAULT else "stop"
    if device.state in device.flow.moves[wanted].sources:
        perform(SYSTEM, device, wanted, {"fault": f"{mishap.get_kind_display()}：{course}"})
    if kind != FAULT:
        place = f"{device.get_kind_display()} {device.code}（{device.place}）"
        title = f"{place}{mishap.get_kind_display()}"
        events.publish(Happened(actor, mishap, title, course, mishap.happened_at, device.place))
    return mishap

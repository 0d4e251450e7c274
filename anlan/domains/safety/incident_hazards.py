"""What made an incident happen becomes a hazard, once: from its record, or from a school's report (D03.1)."""

from typing import Any, Self

from django import forms
from django.db import transaction

from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.reports import SafetyReport
from anlan.engines.audit.api import Actor, change
from anlan.engines.files.api import Attachment, attachments_of
from anlan.engines.org.api import Record
from anlan.engines.registry.api import RiskCategory, categories_at
from anlan.kernel import clock

RAISE = "safety.hazards.add"


class HazardForm(forms.Form):
    """What is to be put right, and of which kind it is."""

    title = forms.CharField(label="问题", max_length=120)
    place = forms.CharField(label="地点", max_length=80, required=False)
    category = forms.ModelChoiceField(RiskCategory.unguarded.none(), label="风险类别")

    @classmethod
    def for_record(cls, record: Incident | SafetyReport, data: Any = None, files: Any = None) -> Self:
        """With what the record says and the categories in use at the school."""
        words = record.title if isinstance(record, Incident) else record.text
        form = cls(data, files, initial={"title": words[:120], "place": getattr(record, "place", "")})
        form.fields["category"].queryset = categories_at(record.org)  # type: ignore[attr-defined]
        return form


def _pictures(record: Record, slot: str) -> list[Attachment]:
    return [one for one in attachments_of(record, slot) if one.is_picture]


@transaction.atomic
def hazard_of_incident(actor: Actor, incident: Incident, values: dict[str, Any]) -> Hazard:
    """The hazard behind an incident; the one made of the finding it was started from where there is one."""
    hazard = Hazard(
        org=incident.org,
        detail=incident.course,
        source=Source.INCIDENT,
        source_key=incident.key,
        source_url=incident.get_absolute_url(),
        found_at=incident.happened_at,
        reporter=incident.created_by.name if incident.created_by else "",
        **values,
    )
    stored = file_hazard(actor, hazard, _pictures(incident, "evidence"))
    finding = getattr(incident, "finding", None)
    if finding is not None and finding.hazard_id is None:
        change(actor, finding, {"hazard": stored}, action="raise")
    return stored


def hazard_of_report(actor: Actor, report: SafetyReport, values: dict[str, Any]) -> Hazard:
    """The hazard behind an incident a school reported in a round."""
    hazard = Hazard(
        org=report.org,
        detail=report.text,
        source=Source.INCIDENT,
        source_key=key_of(report),
        source_url=report.get_absolute_url(),
        found_at=report.submitted_at or clock.now(),
        reporter=report.submitted_by.name if report.submitted_by else "",
        **values,
    )
    return file_hazard(actor, hazard, _pictures(report, "photos"))


def key_of(report: SafetyReport) -> str:
    """What names a report as the source of a hazard."""
    return f"report:{report.pk}"

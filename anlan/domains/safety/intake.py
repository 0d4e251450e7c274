"""The one door into the register of hazards: a finding becomes a hazard once, with its pictures (D03.1)."""

from collections.abc import Iterable

from django.db import transaction

from anlan.base.found import Filed, Found
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import Attachment, carry_over
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import RiskCategory, categories_at
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected


def made_of(key: str) -> Hazard | None:
    """The hazard already made of the finding with this key."""
    found: Hazard | None = Hazard.objects.unscoped().filter(source_key=key).first()
    return found


@transaction.atomic
def file_hazard(actor: Actor, hazard: Hazard, pictures: Iterable[Attachment] = ()) -> Hazard:
    """Store the hazard with its pictures; the one already made of the same finding where there is one."""
    if hazard.source_key and (earlier := made_of(hazard.source_key)):
        return earlier
    try:
        stored = create(actor, hazard)
    except (Conflict, Rejected):
        if hazard.source_key and (earlier := made_of(hazard.source_key)):
            return earlier
        raise
    carry_over(actor, pictures, stored, "before")
    return stored


def category_at(unit: OrgUnit, code: str) -> RiskCategory | None:
    """The category of this code in use at the unit: its own, else the one laid down nearest above it."""
    return categories_at(unit).filter(code=code).order_by("-org__path").first()


@events.on(Found)
def file_found(event: Found) -> None:
    """A finding of another module, answered by ``Filed``; Rejected where no category of that code is in use."""
    record = event.record
    category = category_at(record.org, event.category)
    if category is None:
        raise Rejected({"category": "没有这个风险类别，或它已停用"})
    hazard = Hazard(
        org=record.org,
        title=event.title[:120],
        detail=event.detail,
        place=event.place,
        category=category,
        source=event.source,
        source_key=f"{record._meta.label_lower}:{record.pk}:{event.key}"[:80],
        source_url=record.get_absolute_url(),  # type: ignore[attr-defined]
        found_at=event.found_at or clock.now(),
        reporter=event.reporter or event.actor.name,
    )
    stored = file_hazard(event.actor, hazard, event.pictures)
    events.publish(Filed(event.actor, record, event.key, stored.get_absolute_url()))

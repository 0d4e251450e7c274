"""The one door into the register of incidents for other modules (S04.4)."""

from anlan.base.happening import Happened, Recorded
from anlan.domains.safety.incidents import Incident
from anlan.engines.audit.api import create
from anlan.kernel import events


@events.on(Happened)
def record_incident(event: Happened) -> None:
    """An incident for what happened; the one already made of the same record where there is one."""
    source = event.record
    key = f"{source._meta.label_lower}:{source.pk}"
    incident = Incident.objects.unscoped().filter(source_key=key).first()
    if incident is None:
        incident = create(
            event.actor,
            Incident(
                org=source.org,
                title=event.title[:120],
                course=event.course,
                place=event.place[:80],
                happened_at=event.happened_at,
                source_key=key,
                source_url=source.get_absolute_url(),  # type: ignore[attr-defined]
            ),
        )
    events.publish(Recorded(event.actor, source, incident.get_absolute_url()))

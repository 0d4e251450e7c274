"""Whether somebody is on duty today, for requirements that ask for it (N1.32)."""

from django.db.models import Count, F, Q

from anlan.base.proofs import Proof, declare_proof
from anlan.domains.duty.rosters import OUT, Roster, Watch
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock


def unmanned_today(unit: OrgUnit) -> str | None:
    """Shifts of today that nobody or too few stand in; None for a unit that never published a roster."""
    if not Roster.objects.unscoped().filter(org=unit, state__in=OUT, archived_at=None).exists():
        return None
    today = Watch.objects.unscoped().filter(
        org=unit, day=clock.today(), archived_at=None, roster__state__in=OUT, roster__archived_at=None
    )
    counted = today.annotate(there=Count("turns", filter=Q(turns__archived_at=None)))
    short = [watch.name for watch in counted.filter(there__lt=F("leaders") + F("members"))]
    if short:
        return f"值班表中今天{'、'.join(short)}没有排满"
    return "" if today.exists() else "今天没有已发布的值班安排"


declare_proof(Proof("duty.manned", "值班表", unmanned_today, (Roster,)))

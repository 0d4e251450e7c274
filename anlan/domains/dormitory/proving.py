"""Whether boarders are looked after as the standard asks, and that a school with boarders is no day school (N2.05)."""

from typing import Any

from django.db.models import Q

from anlan.base.proofs import Proof, declare_proof
from anlan.base.schools import School
from anlan.domains.dormitory.buildings import Building, in_use, occupied_beds
from anlan.domains.dormitory.keepers import Keeper
from anlan.engines.audit.api import Written
from anlan.engines.org.api import OrgUnit
from anlan.kernel import events
from anlan.kernel.errors import Rejected


def unready() -> Q:
    """Condition on buildings: in use without a room for its keepers, or without anybody who answers for it."""
    gone = Q(warden__left_on__isnull=False) | Q(warden__archived_at__isnull=False)
    return in_use() & (Q(office="") | Q(warden=None) | gone)


def is_day_school(unit: OrgUnit) -> bool:
    """Neither boarders nor a dormitory in use."""
    boards = School.objects.unscoped().filter(org=unit, boarders__gt=0, archived_at=None)
    return not (boards.exists() or _buildings(unit).exists())


def _buildings(unit: OrgUnit) -> Any:
    return Building.objects.unscoped().filter(in_use(), org=unit, archived_at=None)


def unready_at(unit: OrgUnit) -> str | None:
    """Buildings of a school that are not ready, in words; else None: whether there is gear the school states itself."""
    names = list(_buildings(unit).filter(unready()).values_list("name", flat=True))
    return f"{'、'.join(names)}没有宿管室或负责的宿管员" if names else None


declare_proof(
    Proof("dormitory.offices", "宿舍楼台账", unready_at, (Building, Keeper, School), needless=is_day_school)
)


@events.on(Written)
def stay_a_boarding_school(event: Written) -> None:
    """Refuse to take the boarders from the profile of a school in whose beds pupils lie."""
    school = event.record
    emptied = isinstance(school, School) and "boarders" in event.before and not school.boarders
    if emptied and occupied_beds(room__building__org=school.org_id).exists():
        raise Rejected({"boarders": "本校宿舍里还有住宿学生，不能改为走读学校"})

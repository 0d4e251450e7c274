"""Choosing who receives a notice: by type of school, town, name, or everybody in scope (D06.2)."""

from typing import Any

from django.db.models import Q

from anlan.base.audiences import schools_meant
from anlan.base.schools import SchoolKind
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import OrgUnit, declare_permission, require
from anlan.kernel.errors import Conflict, Rejected

SENDERS = ("bureau_safety", "bureau_leader", "team_admin", "upper_safety")
PUBLISH = declare_permission("safety.notices.publish", "通知：发布", SENDERS).code
DRAFTS = ("draft", "waiting")


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

"""Who may check which school (D01.13)."""

from typing import Any

from anlan.base.teams import membership_of, schools_to_check
from anlan.engines.org.api import OrgUnit, declare_permission, scope

CHECKERS = ("inspector", "school_safety", "school_head", "staff", "guard")
DO = declare_permission("safety.inspections.do.own", "巡查：填写本人的任务", CHECKERS).code.removesuffix(
    ".own"
)
declare_permission("safety.inspections.submit.own", "巡查：提交本人的任务", CHECKERS)


def may_check(user: Any, unit: OrgUnit) -> bool:
    """Team members check the schools they are linked to; others where they hold the right."""
    if not user.is_active:
        return False
    if membership_of(user).exists():
        return bool(schools_to_check(user).filter(org=unit).exists())
    found = scope(user, DO)
    return any(unit.path.startswith(path) for path in found.paths + found.own_paths)

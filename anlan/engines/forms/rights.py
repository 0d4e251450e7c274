"""Rights of the forms engine; a right over what superiors laid down is held only at their level."""

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import OrgUnit, declare_permission, scope
from anlan.kernel.errors import Forbidden

_READERS = (
    "bureau_safety",
    "bureau_leader",
    "bureau_viewer",
    "upper_safety",
    "inspector",
    "team_admin",
    "township_officer",
    "school_head",
    "school_safety",
)
_EDITORS = ("bureau_safety",)

_RIGHTS = (
    ("forms.items.view", "查看检查题库", _READERS),
    ("forms.items.add", "新增检查内容", _EDITORS),
    ("forms.items.edit", "修改检查内容", _EDITORS),
    ("forms.items.archive", "删除检查内容", _EDITORS),
    ("forms.items.import", "导入检查内容", _EDITORS),
    ("forms.forms.view", "查看检查表", _READERS),
    ("forms.forms.add", "新建检查表", _EDITORS),
    ("forms.forms.edit", "编辑检查表", _EDITORS),
    ("forms.forms.publish", "启用和停用检查表", _EDITORS),
)


def declare() -> None:
    """Declare the rights over the item bank and the forms."""
    for code, title, roles in _RIGHTS:
        declare_permission(code, title, roles)


def holds(actor: Actor, unit: OrgUnit, permission: str) -> bool:
    """Whether the actor may act on what belongs to ``unit``; the system itself always may."""
    return actor.user is None or scope(actor.user, permission).covers(unit.path)


def require_over(actor: Actor, unit: OrgUnit, permission: str) -> None:
    """Forbidden, and a mark in the audit trail, where the actor lacks the right over ``unit``."""
    if not holds(actor, unit, permission):
        log(actor, f"refused:{permission}", path=unit.path, succeeded=False)
        raise Forbidden(permission)

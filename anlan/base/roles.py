"""Ready-made roles of education (X.4); rights join them where each right is declared."""

from anlan.engines.org.api import declare_permission, declare_role
from anlan.engines.registry.api import SHARE_VIEWS

ROLES = {
    "bureau_safety": "教育局安全管理员",
    "bureau_leader": "教育局领导",
    "bureau_viewer": "教育局查看人员",
    "upper_safety": "上级安全监管",
    "inspector": "巡查员",
    "hazard_raiser": "巡查员（可上报隐患）",
    "team_admin": "安全小组管理员",
    "grid_keeper": "网格责任人",
    "township_officer": "教委办人员",
    "school_head": "校长",
    "school_safety": "学校安全管理员",
    "school_contact": "学校联络员",
    "staff": "教职工",
    "guard": "保安",
    "canteen_manager": "食堂管理员",
    "dorm_keeper": "宿管员",
    "agency_liaison": "部门联络员",
    "unit_admin": "单位管理员",
    "pupil": "学生",
    "outsider": "校外人员",
    "judge": "评委",
    "bureau_supervision": "教育局评估督导人员",
    "evaluation_lead": "评估负责人",
    "report_writer": "报告编写员",
    "bureau_moral": "教育局德育管理员",
    "school_moral": "学校德育管理员",
}
ABOVE = ("bureau_safety", "bureau_leader", "bureau_viewer", "upper_safety", "township_officer", "team_admin")
AT_SCHOOL = ("school_head", "school_safety", "school_contact")
IN_SCHOOL = (*AT_SCHOOL, "staff", "guard", "canteen_manager", "dorm_keeper")
VISITING = ("inspector", "hazard_raiser", "grid_keeper")

KEEPING = ("add", "edit", "archive", "import", "export")


def rights(view: str, keep: str, **more: str) -> dict[str, str]:
    """Roles by verb for a ledger: who sees it, who keeps it, and what differs."""
    return {"view": view} | dict.fromkeys(KEEPING, keep) | more


KEPT_BY_SCHOOL = rights(
    " ".join((*ABOVE, *AT_SCHOOL)),
    "school_head school_safety",
    export=" ".join((*ABOVE, "school_head", "school_safety")),
    watch="bureau_safety",
)


for code, title in ROLES.items():
    declare_role(code, title)

declare_permission(
    SHARE_VIEWS, "台账视图：共享给本单位", (*ABOVE, "school_head", "school_safety", "unit_admin")
)

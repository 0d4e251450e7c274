"""The closed loop of hazards as named moves (D03.4-D03.7, SAF.16, SAF.17, SAF.19)."""

from typing import Any

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.workflow.api import Workflow, back, doing, done, idle, move, review, todo


def _not_the_rectifier(hazard: Hazard, user: Any) -> str | None:
    return "整改人本人不能审核、复查自己的整改" if hazard.rectified_by_id == user.pk else None


def _inside_school(hazard: Hazard, _: Any) -> str | None:
    return "已上报教育局的隐患由教育局销号" if hazard.reported_up else None


def _reported(hazard: Hazard, _: Any) -> str | None:
    return None if hazard.reported_up else "这条隐患由学校自行整改，尚未上报"


def _next_round(hazard: Hazard, actor: Actor) -> dict[str, Any]:
    return {"rectified_by": actor.user, "rounds": hazard.rounds + 1}


BUREAU = "bureau_safety team_admin"
SCHOOL = "school_safety school_head"
STAFF = ("staff", "guard", "canteen_manager", "dorm_keeper", "school_contact")
declare_permission("safety.hazards.submit.own", "隐患：提交整改（交给本人的）", STAFF)
declare_permission("safety.hazards.start.own", "隐患：开始整改（交给本人的）", STAFF)


class HazardFlow(Workflow):
    """The closed loop: found, judged, assigned, rectified, approved, re-checked, struck off."""

    code = "safety.hazards"
    title = "隐患"
    model = Hazard
    states = {
        "reported": idle("待核实"),
        "assigned": todo("待整改"),
        "fixing": doing("整改中"),
        "submitted": review("待审核", "审核"),
        "recheck": review("待复查", "复查"),
        "returned": back("退回重改"),
        "rectified": review("待销号"),
        "closed": done("已销号"),
        "void": idle("误报"),
    }
    initial, final = "reported", "closed void"
    files = "before after recheck strike_off"
    stages = {
        "发现上报": "",
        "核实定级": "reported void",
        "学校整改": "assigned fixing returned",
        "审核复查": "submitted recheck",
        "销号归档": "rectified closed",
    }

    confirm = move(
        "确认隐患",
        "reported",
        "assigned",
        by=BUREAU,
        needs="grade responsible due_at",
        takes="criterion opinion",
    )
    dismiss = move("判为误报", "reported", "void", by=BUREAU, needs="opinion", duty=False, outlined=True)
    reopen = move("重新判定", "void", "reported", by=BUREAU, needs="opinion", duty=False)
    start = move("开始整改", "assigned returned", "fixing", by=SCHOOL, takes="responsible", duty=False)
    assign = move(
        "指派办理人",
        "assigned fixing returned",
        "fixing",
        by=SCHOOL,
        needs="rectifier",
        duty=False,
        outlined=True,
    )
    submit = move(
        "提交整改",
        "assigned fixing returned",
        "submitted",
        by=SCHOOL,
        needs="measure after",
        takes="before cost plan_measures plan_funds plan_deadline plan_duty plan_emergency",
        guard=_reported,
        effect=_next_round,
        within_days=3,
    )
    settle = move(
        "校内办结",
        "assigned fixing",
        "closed",
        by=SCHOOL,
        needs="measure after",
        takes="before",
        guard=_inside_school,
        archives=True,
    )
    report_up = move(
        "上报教育局",
        "assigned fixing",
        "reported",
        by=SCHOOL,
        guard=_inside_school,
        sets={"reported_up": True},
        duty=False,
    )
    approve = move(
        "审核通过",
        "submitted",
        "recheck",
        by=f"{BUREAU} township_officer",
        takes="opinion",
        guard=_not_the_rectifier,
        within_days=5,
    )
    send_back = move(
        "退回",
        "submitted",
        "returned",
        by=f"{BUREAU} township_officer",
        needs="opinion",
        guard=_not_the_rectifier,
        within_days=5,
        outlined=True,
    )
    pass_recheck = move(
        "复查合格",
        "recheck",
        "rectified",
        by=f"{BUREAU} inspector",
        takes="opinion recheck_way recheck",
        guard=_not_the_rectifier,
        within_days=3,
    )
    fail_recheck = move(
        "复查不合格",
        "recheck",
        "returned",
        by=f"{BUREAU} inspector",
        needs="opinion",
        takes="recheck_way recheck",
        guard=_not_the_rectifier,
        within_days=7,
        outlined=True,
    )
    strike_off = move(
        "销号",
        "rectified",
        "closed",
        by=BUREAU,
        takes="opinion strike_off",
        guard=_not_the_rectifier,
        archives=True,
        confirm=True,
    )
    cancel = move(
        "作废",
        "reported assigned fixing submitted recheck returned rectified",
        "void",
        by=BUREAU,
        needs="opinion",
        duty=False,
        outlined=True,
    )

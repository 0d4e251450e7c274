"""Moves of a survey: filled in by the school, confirmed or sent back by inspectors (N1.06, N1.07)."""

from typing import Any

from anlan.domains.site_security.stating import accept_rest
from anlan.domains.site_security.surveys import KeyPlace, Statement, Survey, Verdict
from anlan.engines.workflow.api import Moved, Workflow, back, done, move, review, todo
from anlan.kernel import events

SCHOOL, INSPECTORS = "school_safety school_head", "inspector bureau_safety team_admin"


def kinds_not_set_up(survey: Survey) -> list[str]:
    """Kinds with neither a place nor an excuse."""
    rows = Statement.objects.unscoped().filter(
        survey=survey, archived_at=None, place=None, kind__general=False
    )
    return list(rows.order_by("kind__number").values_list("kind__title", flat=True).distinct())


def unfilled(survey: Survey) -> int:
    """Statements neither the school has made nor records answer."""
    rows = Statement.objects.unscoped().filter(survey=survey, archived_at=None, result=Verdict.UNFILLED)
    return int(rows.count())


def _complete(survey: Survey, _: Any) -> str | None:
    if kinds_not_set_up(survey):
        return "还有部位没有设置"
    return "还有要求没有填报" if unfilled(survey) else None


class SurveyFlow(Workflow):
    """Filled in, confirmed; opened again when something was built or broke."""

    code = "site_security.surveys"
    title = "重点部位防护对照"
    model = Survey
    states = {
        "filling": todo("待填报"),
        "submitted": review("待核对"),
        "returned": back("退回补充"),
        "confirmed": done("已核对"),
    }
    initial, final = "filling", "confirmed"
    stages = {"学校填报": "filling returned", "核对": "submitted", "办结": "confirmed"}

    submit = move("提交核对", "filling returned", "submitted", by=SCHOOL, guard=_complete, within_days=20)
    confirm = move("确认", "submitted", "confirmed", by=INSPECTORS, takes="opinion")
    send_back = move(
        "退回补充",
        "submitted",
        "returned",
        by=INSPECTORS,
        needs="opinion",
        within_days=10,
        duty=False,
        outlined=True,
    )
    reopen = move("重新填报", "confirmed", "filling", by=f"{SCHOOL} bureau_safety", duty=False, outlined=True)


@events.on(Moved)
def follow_confirmation(event: Moved) -> None:
    """What nobody corrected is confirmed with the survey."""
    if isinstance(event.record, Survey) and event.move.name == "confirm":
        accept_rest(event.actor, event.record)


def places_of(survey: Survey) -> list[KeyPlace]:
    """Places and notes of the survey, in order."""
    return list(KeyPlace.objects.unscoped().filter(survey=survey, archived_at=None).select_related("kind"))

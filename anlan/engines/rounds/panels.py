"""Panels of judges: every indicator has one and only one, and none changes after its first score (SAF.36)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from anlan.engines.audit.api import Actor, archive, change, create
from anlan.engines.org.api import OrgUnit
from anlan.engines.rounds.assessors import conflicts, listed
from anlan.engines.rounds.handing_out import begun, hand_out, show_to_judge
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.round_records import live_panels, locked
from anlan.kernel.errors import Conflict, Rejected


def free_leaves(round_: Any) -> list[str]:
    """Codes of the indicators without a panel, in order."""
    taken = {code for panel in live_panels(round_) for code in panel.leaves}
    return [leaf.code for leaf in round_.indicators.leaves if leaf.code not in taken]


@transaction.atomic
def form_panel(actor: Actor, round_: Any, title: str, judges: Iterable[Any], leaves: Iterable[str]) -> Any:
    """A further panel. Rejected for an indicator that has one already and for too few judges."""
    round_ = _unscored(round_)
    people, codes, process = list(judges), list(dict.fromkeys(leaves)), process_of(round_)
    free = set(free_leaves(round_))
    if doubled := [code for code in codes if code not in free]:
        raise Rejected({"leaves": f"已有评委组或没有这项指标：{'、'.join(doubled)}"})
    if not codes:
        raise Rejected({"leaves": "请选择指标"})
    if len(people) < process.least_judges:
        raise Rejected({"judges": f"至少选 {process.least_judges} 名评委"})
    _refuse_judges(round_, people)
    panel = create(actor, process.table("Panel")(org=round_.org, round=round_, title=title, leaves=codes))
    change(actor, panel, {"judges": people})
    if round_.state == "scoring":
        hand_out(actor, round_)
    return panel


@transaction.atomic
def dissolve(actor: Actor, panel: Any) -> None:
    """Its indicators have no panel any more."""
    round_ = _unscored(panel.round)
    archive(actor, panel)
    if round_.state == "scoring":
        hand_out(actor, round_)


@transaction.atomic
def replace_judge(actor: Actor, panel: Any, former: Any, judge: Any) -> None:
    """Somebody else takes the place of a judge: what is handed in stays, open sheets move (MOR.20).

    Conflict outside the scoring, Rejected for somebody who is not on the list, is in the panel or has to stand back.
    """
    round_ = locked(panel.round)
    if round_.state != "scoring":
        raise Conflict(f"评估任务当前是“{round_.state_shown.title}”，不能更换评委")
    there = list(panel.judges.all())
    if former not in there:
        raise Conflict("此人已不在这个评委组")
    if judge in there or panel.round.sheets.filter(panel=panel, judge=judge, archived_at=None).exists():
        raise Rejected({"judge": "此人已在这个评委组"})
    _refuse_judges(round_, [judge], "judge")
    change(actor, panel, {"judges": [one for one in there if one != former] + [judge]}, action="replace")
    hand_out(actor, round_)
    show_to_judge(round_, former)


def _refuse_judges(round_: Any, people: list[Any], name: str = "judges") -> None:
    known = set(listed(round_.org, "judges").values_list("pk", flat=True))
    if unlisted := [str(one) for one in people if one.pk not in known]:
        raise Rejected({name: f"不在评审人员名单里：{'、'.join(unlisted)}"})
    units = OrgUnit.objects.filter(pk__in=round_.entries.filter(archived_at=None).values("org"))
    if said := conflicts(people, units):
        raise Rejected({name: "；".join(said)})


def _unscored(round_: Any) -> Any:
    """The locked round; Conflict after the first score."""
    found = locked(round_)
    if found.state not in ("open", "scoring"):
        raise Conflict(f"评估任务当前是“{found.state_shown.title}”，不能编组")
    if begun(found):
        raise Conflict("已有评委评分，评委组不能再改")
    return found


def faults_of_panels(round_: Any) -> str | None:
    """Why scoring cannot begin, in words."""
    if lacking := free_leaves(round_):
        return f"还有 {len(lacking)} 项指标没有评委组：{'、'.join(lacking)}"
    if not round_.entries.filter(state="passed", archived_at=None).exists():
        return f"还没有通过审核的{process_of(round_).subject}"
    return None

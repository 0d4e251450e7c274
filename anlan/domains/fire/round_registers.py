"""Ledgers of rounds and walks (D14.2)."""

from typing import Any

from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL
from anlan.base.schools import School
from anlan.domains.fire.points import points_of
from anlan.domains.fire.rounds import DONE, MISSED, NIGHT, OPEN, Round, Walk
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Ledger, block, computed, ledger

TONES = {OPEN: "doing", DONE: "done", MISSED: "late"}


def without_night(user: Any) -> int:
    """Schools in sight with boarders and no round at night."""
    found = scope(user, "fire.rounds.view")
    nights = Round.objects.unscoped().filter(kind=NIGHT, archived_at=None).values("org")
    boarding = School.objects.unscoped().filter(found.condition(), boarders__gt=0, closed_on=None)
    return int(boarding.filter(archived_at=None).exclude(org__in=nights).count())


@ledger
class Rounds(Ledger):
    """Patrols every day and night, checks every month."""

    model = Round
    title, noun, area, group, order = "消防巡查安排", "条", "upkeep", "消防", 242
    columns = "name kind walker begins_at ends_at org"
    facts = "name kind walker begins_at ends_at by_day places devices org"
    filters, search, key = "org kind", "name walker__name", "org name"
    form = "org name kind walker begins_at ends_at by_day places devices"
    marks = {"vacant": lambda: Q(walker=None)}
    views = {"没有巡查人": "vacant=1"}
    example = {"name": "晚间防火巡查", "kind": "night", "begins_at": "22:00", "ends_at": "06:00"}
    roles = KEPT_BY_SCHOOL

    def lede(self, rows: Any, user: Any) -> str:
        """How many, and how many boarding schools have no round at night."""
        lacking = without_night(user)
        words = f"，{lacking} 所有住校生的学校没有夜间巡查" if lacking else ""
        return f"共 {rows.filter(archived_at=None).count()} 条安排{words}"


@ledger
class Walks(Ledger):
    """What was walked and what was missed, by day and person."""

    model = Walk
    readonly = True
    title, noun, area, group, order = "消防巡查记录", "次", "upkeep", "消防", 244
    columns = "round kind day person points seen outcome org"
    filters, search, sort = "org kind day person result", "round__name person__name", "-day"
    marks = {"due": lambda: Q(result__in=(DONE, MISSED))}
    views = {"漏查": "result=missed", "进行中": "result=open"}
    happenings = {"judge": "统计点位"}
    example = {"kind": "day", "day": "2026-10-08", "begins_at": "2026-10-08T08:00+08:00",
               "ends_at": "2026-10-08T18:00+08:00"}  # fmt: skip
    whose = "person"
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "view.own": "staff guard canteen_manager dorm_keeper",
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }

    @computed("结果", "chip", sort="result")
    def outcome(self, row: Walk) -> tuple[str, str]:
        """Done, missed or still going on."""
        return TONES[row.result], row.get_result_display()

    @block("点位", "fire/walk.html", printed=True)
    def points_walked(self, request: Any, record: Walk) -> dict[str, Any]:
        """Each point with its check, or the way to make it."""
        return {"points": points_of(record), "open": record.result == OPEN}

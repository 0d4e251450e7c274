"""Totals of quick reports, how long they take, places that keep coming back, and points (S02.5)."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import QueryDict

from anlan.domains.safety.quick import QuickReport, QuickSetting
from anlan.domains.safety.quick_flow import QuickFlow
from anlan.domains.safety.quick_registers import Quick
from anlan.engines.analytics.api import Grouping, Measure, Sheet, declare_sheet
from anlan.engines.registry.api import Listing, ledgers
from anlan.engines.workflow.api import Step

QUICK = ledgers[Quick.code]
VALID, INVALID, OPEN = (
    ("solved", "hazard", "handed", "joined"),
    ("invalid", "withdrawn"),
    ("received", "handling"),
)
ACCEPTED = ("handling", *VALID)
RECURRING, SHOWN, MOST = 3, 20, 5000


def _in(states: tuple[str, ...]) -> str:
    return "&".join(f"state={state}" for state in states)


def _rows(user: Any, more: str) -> Any:
    return Listing(QUICK, user, QueryDict(more)).found.order_by()


def recurring(user: Any, more: str) -> dict[str, Any] | None:
    """Places reported three times or more, most first; each opens its list."""
    counted = _rows(user, more).exclude(state__in=INVALID).values("org", "org__name", "place")
    found = counted.annotate(n=Count("pk")).filter(n__gte=RECURRING).order_by("-n", "org__name", "place")
    places = [
        {"title": f"{row['org__name']} {row['place']}", "n": row["n"], "url": _list(more, row)}
        for row in found[:SHOWN]
    ]
    return (
        {"title": "反复出现的地点", "template": "safety/recurring.html", "places": places} if places else None
    )


def _list(more: str, row: dict[str, Any]) -> str:
    said = QueryDict(more, mutable=True)
    said["org"], said["place"] = row["org"], row["place"]
    return f"{QUICK.url}?{said.urlencode()}"


def handling(user: Any, more: str) -> dict[str, Any] | None:
    """Hours from report to result, by kind and by outcome; open ones have none yet."""
    rows = _rows(user, more).exclude(state__in=OPEN).order_by("-pk")[:MOST]
    reports = {row.pk: row for row in rows.select_related("kind")}
    ends = dict(
        Step.objects.filter(
            model=QuickReport._meta.label_lower, object_id__in=reports, target__in=QuickFlow.final.split()
        ).values_list("object_id", "at")
    )
    spent: dict[str, dict[str, list[timedelta]]] = {"类别": defaultdict(list), "结果": defaultdict(list)}
    for pk, at in ends.items():
        row = reports[pk]
        spent["类别"][str(row.kind)].append(at - row.created_at)
        spent["结果"][row.flow.states[row.state].title].append(at - row.created_at)
    tables = [(name, sorted(map(_mean, part.items()))) for name, part in spent.items() if part]
    return {"title": "处理用时", "template": "safety/handling.html", "tables": tables} if tables else None


def _mean(part: tuple[str, list[timedelta]]) -> tuple[str, int, str]:
    name, times = part
    hours = sum(times, timedelta()).total_seconds() / len(times) / 3600
    return name, len(times), f"{hours:.1f} 小时"


def people(user: Any, more: str) -> dict[str, Any] | None:
    """Reports by person without those whose name is hidden; points where the school switched them on."""
    rows = _rows(user, more).filter(hidden=False, kind__confidential=False).exclude(created_by=None)
    counted = rows.values("created_by", "created_by__name", "org", "org__name", "state").annotate(
        n=Count("pk")
    )
    settings = {
        one.org_id: one for one in QuickSetting.objects.unscoped().filter(archived_at=None, points_on=True)
    }
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in counted:
        person = found.setdefault(
            (row["created_by"], row["org"]),
            {
                "name": row["created_by__name"],
                "unit": row["org__name"],
                "all": 0,
                "accepted": 0,
                "points": None,
            },
        )
        person["all"] += row["n"]
        person["accepted"] += row["n"] if row["state"] in ACCEPTED else 0
    for (_, org), person in found.items():
        if setting := settings.get(org):
            person["points"] = person["accepted"] * setting.points_each
    ranked = sorted(found.values(), key=lambda one: (-(one["points"] or 0), -one["accepted"], one["name"]))
    note = "隐藏姓名的上报不列入"
    context = {"title": "上报人", "note": note, "template": "safety/reporters.html", "people": ranked[:SHOWN]}
    return context if ranked else None


declare_sheet(
    Sheet(
        "safety.quick_report",
        "随手报统计",
        "safety.quick.view",
        QUICK,
        "created_at",
        (
            Grouping("kind", "类别", "kind"),
            Grouping("place", "地点", "place"),
            Grouping("department", "负责部门", "kind__department"),
            Grouping("state", "结果", "state"),
            Grouping("org", "学校", "org"),
            Grouping("month", "月份", "month"),
        ),
        (
            Measure("全部"),
            Measure("有效", _in(VALID)),
            Measure("无效或撤回", _in(INVALID)),
            Measure("未办结", _in(OPEN)),
            Measure("转隐患", "state=hazard"),
            Measure("逾期", "overdue=1", late=True),
        ),
        ("有效率", 1, 0),
        panels=(recurring, handling, people),
        area="safety",
        order=520,
    )
)

"""Ledger of the separated zones (N1.12)."""

from typing import Any

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.alarms.peak_days import PeakDay
from anlan.domains.alarms.peaks import PeakZone
from anlan.engines.registry.api import Ledger, block, ledger


@ledger
class PeakZones(Ledger):
    """Zones with their times, layout and people."""

    code = "alarms.peak_zones"
    model = PeakZone
    title, noun, icon = "上下学临时隔离区", "处", "map-pin"
    area, group, order = "safety", "报警与出入", 330
    columns = "name entrance begins_at ends_at barriers staff org"
    form = "org entrance name begins_at ends_at barriers layout staff"
    filters, search, key = "org entrance", "name entrance__title org__name", "entrance name"
    files, photos = {"plan": "布置图、照片"}, ""
    example = {
        "name": "早上到校", "begins_at": "07:10", "ends_at": "08:00", "barriers": "门外铁马 12 个",
        "layout": "门外人行道一侧为等候区，接送车辆即停即走",
    }  # fmt: skip
    roles = KEPT_BY_SCHOOL

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """People of the school only."""
        unit = values.get("org") or getattr(record, "org", None)
        wrong = [one for one in values.get("staff") or () if unit and one.org_id != unit.pk]
        return {"staff": "只能选本校在岗人员"} if wrong else {}

    @block("布设记录", "alarms/peak_days.html")
    def days_kept(self, request: Any, record: PeakZone) -> dict[str, Any]:
        """The latest days, and the way to all of them."""
        rows = PeakDay.objects.unscoped().filter(zone=record, archived_at=None).prefetch_related("staff")
        return {"zone": record, "days": rows.order_by("-begins_at")[:10]}

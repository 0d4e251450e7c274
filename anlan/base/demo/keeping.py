"""The archive of the demo county: a keeping time of its own, a hold, and a list of what has reached its time."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.engines.archives.api import Hold, Holding, KeepingTime, propose
from anlan.engines.audit.api import change, create

BASIS = "本局文书档案保管期限表（演示）"


@demo_step("archives", "归档", order=95)
def load_archives(world: World) -> None:
    """After all modules: what ended there has been filed by itself."""
    county = world.units["county"]
    create(LOADER, KeepingTime(org=county, kind="report", amount=5, basis=BASIS))
    rows = Holding.objects.unscoped().filter(kind__in=("report", "drill", "notice")).select_related("org")
    for row in rows.order_by("pk")[:6]:
        change(LOADER, row, {"keep_until": world.today - timedelta(days=30)}, action="load")
    propose()
    said = {"title": "某校校车事故追责（演示）", "number": "2026-03", "kind": "incident"}
    create(LOADER, Hold(org=county, reason="调查尚未结束", **said))

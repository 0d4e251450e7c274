"""A standard of technical protection of the demo county, made up, with one assessment of every school."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.tech_assessments import kept_today
from anlan.domains.site_security.tech_editions import TechClause, TechEdition
from anlan.engines.audit.api import create, create_all

# Number, kind of place, kind of device, whether its family counts, level, types, words: no clause of any standard.
CLAUSES = (
    ("1", "L03", "camera_plate", True, "must", "", "大门应装视频监控（演示条款）"),
    ("2", "L03", "gate", False, "must", "", "大门应装人行通道闸机（演示条款）"),
    ("3", "L04", "panic_button", True, "must", "", "门卫室应装紧急报警装置（演示条款）"),
    ("4", "L05", "camera", True, "must", "幼儿园、小学", "活动场地应装视频监控（演示条款）"),
    ("5", "L04", "intercom", False, "should", "幼儿园", "门卫室宜装访客可视对讲（演示条款）"),
    ("6", "L12", "recorder", False, "must", "", "监控室应装录像存储设备（演示条款）"),
)


@demo_step("site_security.tech_standard", "技防标准对照", order=32)
def load_standard(world: World) -> None:
    """Six clauses in force for two months, and what they found today."""
    county = world.units["county"]
    said = {"name": "校园技防标准（演示，非正式条文）", "release": "演示版"}
    edition = create(LOADER, TechEdition(org=county, since=world.today - timedelta(days=60), **said))
    places = {kind.code: kind for kind in LocationKind.objects.unscoped().order_by("pk")}
    rows = [
        TechClause(
            org=county, edition=edition, number=number, place=places[place],
            kind_id=f"tech_device_kind.{kind}", alike=alike, level=level, types=types, text=text,
        )
        for number, place, kind, alike, level, types, text in CLAUSES
    ]  # fmt: skip
    create_all(LOADER, rows, action="load")
    create_all(LOADER, kept_today(edition), action="load")

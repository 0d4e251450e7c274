"""Text messages of the demo county: templates, and one sending that is still a draft."""

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.texting.patterns import Pattern
from anlan.domains.texting.sendings import Sending
from anlan.engines.audit.api import create

BODIES = {
    "会议提醒": "【姓名】您好，请按通知时间参加校园安全工作例会。",
    "汛期提醒": "【单位】【姓名】：预报有强降雨，请立即检查排水和校舍，结果在平台上报。",
}


@demo_step("texting.sendings", "短信", order=61)
def load_texts(world: World) -> None:
    """Nothing is sent: no gateway is set up in a demonstration."""
    office = world.units["county"]
    patterns = [create(LOADER, Pattern(org=office, title=title, body=body)) for title, body in BODIES.items()]
    draft = create(LOADER, Sending(org=office, title="汛期排查提醒", pattern=patterns[1]))
    draft.people.set(
        [person for school in world.schools[:5] for person in world.staff.get(school.org_id, ())[:1]]
    )

"""Hazards shared with the county's fire brigade, and what its liaison said."""

from anlan.base.demo.steps import World, demo_step
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import answer, ledgers, share_record

SHARED = 4


@demo_step("safety.shares", "部门协同", order=90)
def share_with_the_fire_brigade(world: World) -> None:
    """The latest open fire hazards; the first one is answered."""
    officer, liaison = (Actor.person(world.accounts[name], "web") for name in ("bureau", "fire"))
    fire = Hazard.objects.unscoped().filter(category__code="fire", archived_at=None, reported_up=True)
    mine = fire.filter(org__path__startswith=world.units["county"].path).exclude(state="reported")
    chosen = list(mine.select_related("org").order_by("-found_at", "pk")[:SHARED])
    for hazard in chosen:
        share_record(officer, hazard, world.units["fire"], "请协助核查并指导整改")
    for hazard in chosen[:1]:
        answer(
            liaison,
            ledgers["safety.hazards"],
            hazard,
            "已现场核查，通道宽度不足，请按三米净宽清理后报我队复查。",
        )

"""Physical protection of the demo county: the perimeters of its schools."""

from decimal import Decimal

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.site_security.perimeter import Section
from anlan.engines.audit.api import create_all


@demo_step("site_security.sections", "校园周界", order=32)
def load_sections(world: World) -> None:
    """Four sides to a school; one in thirty is too low."""
    sections = [
        Section(
            org=school.org,
            name=f"{side}侧围墙",
            kind="围墙" if side != "东" else "金属栅栏",
            length=Decimal(world.rng.randint(40, 260)),
            height=Decimal("1.80") if world.rng.random() < 0.03 else Decimal("2.20"),
        )
        for school in world.schools
        for side in "东南西北"
    ]
    create_all(LOADER, sections, action="load")

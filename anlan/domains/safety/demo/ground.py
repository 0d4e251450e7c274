"""What everything later stands on: categories, item bank, forms, modes, groups, kinds of quick report."""

from pathlib import Path
from typing import Any

import yaml

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.risks import lay_down
from anlan.base.seed_files import SEEDS as SHARED
from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from anlan.domains.safety.hazards import Source
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.domains.safety.quick import QuickKind
from anlan.engines.audit.api import create, create_all
from anlan.engines.forms.api import (
    Form,
    FormDefinition,
    Section,
    add_category,
    add_form,
    add_item,
    load_site_requirements,
    publish,
    question_from,
)
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import RiskCategory

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
MODES = {"日常巡查": Source.ROUTINE, "抽查": Source.SPOT, "学校自查": Source.SELF, "复查": Source.ROUTINE}
QUICK = {
    "设施设备": "facility",
    "消防": "fire",
    "用电": "fire",
    "食品": "food",
    "门口交通": "facility",
    "陌生人": "violence",
    "欺凌苗头": "bullying",
    "技防设备": "facility",
}


@demo_step("safety.ground", "检查题库与检查表", order=10)
def lay_ground(world: World) -> None:
    """Categories, forms and modes of the county."""
    county = world.units["county"]
    risks = {risk.code: risk for risk in lay_down(county)}
    for said in yaml.safe_load((SEEDS / "check_items.yaml").read_text())["forms"]:
        a_form(county, said)
    load_site_requirements(LOADER, county, SHARED / "gbt29315_site_requirements.yaml")
    for title, source in MODES.items():
        create(LOADER, InspectionMode(org=county, title=title, source=source, category=risks["facility"]))
    create_all(LOADER, [quick_kind(county, title, risks[code]) for title, code in QUICK.items()])
    assign_groups(world)


def quick_kind(county: OrgUnit, title: str, risk: RiskCategory) -> QuickKind:
    """A kind of quick report; signs of bullying are for named handlers only."""
    return QuickKind(org=county, title=title, category=risk, confidential=risk.code == "bullying")


def a_form(county: OrgUnit, said: dict[str, Any]) -> FormDefinition:
    """Items into the bank, and a published form of them."""
    category = add_category(LOADER, county, said["category"], code=said["code"])
    sections = []
    for title, rows in said["sections"].items():
        items = [an_item(county, category, said["code"], row) for row in rows]
        sections.append(Section(title, tuple(question_from(item) for item in items)))
    form = add_form(
        LOADER,
        county,
        form=Form(tuple(sections)),
        title=said["title"],
        subject=said["subject"],
        code=said["code"],
    )
    publish(LOADER, form)
    return form


def an_item(county: OrgUnit, category: Any, code: str, row: list[str]) -> Any:
    """One item of the bank from a row of the seed file."""
    wording, fails_when, phrases = row
    return add_item(
        LOADER,
        county,
        category=category,
        wording=wording,
        standard=wording,
        fails_when=fails_when,
        phrases=phrases.split("；"),
        hazard_category=code,
    )


def assign_groups(world: World) -> None:
    """Four groups of inspectors; every school of the county has one."""
    county = world.units["county"]
    people = [world.accounts[f"inspector{number}"] for number in range(1, 13)]
    groups = []
    for number in range(4):
        leader, *members = people[number * 3 : number * 3 + 3]
        group = create(
            LOADER, InspectionGroup(org=county, name=f"第{'一二三四'[number]}检查组", leader=leader)
        )
        group.members.set(members)
        groups.append(group)
    rows = [GroupAssignment(org=school.org, group=groups[at % 4]) for at, school in enumerate(world.schools)]
    create_all(LOADER, rows)

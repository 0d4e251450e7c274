"""The county's directory for this school year and material of the schools: most of what is required."""

from datetime import date, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.accounts.closings import Closing, last_year, span_of
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Directory, Section
from anlan.domains.accounts.years import this_year
from anlan.engines.audit.api import create, create_all
from anlan.engines.org.api import OrgUnit
from anlan.engines.workflow.api import perform
from anlan.kernel import clock

UPLOADED = (
    ("duty", "安全管理制度", "year", "学年安全工作计划\n安全管理制度汇编"),
    ("duty", "安全工作总结", "term", "学期安全工作总结"),
    ("drill", "应急演练", "term", "演练方案\n演练记录"),
    ("training", "安全教育培训", "term", "培训记录"),
    ("food", "食品安全自查", "month", "自查记录"),
    ("traffic", "交通安全教育", "year", "交通安全告知书"),
    ("surroundings", "校园周边排查", "term", "排查记录"),
)
GATHERED = (
    ("check", "巡查检查", "month", "safety.inspections:submitted_at", "state=completed"),
    ("hazard", "隐患排查治理", "term", "safety.hazards:found_at", ""),
    ("meeting", "安全工作会议", "term", "organisation.meetings:held_at", ""),
    ("duty", "安全责任书", "year", "organisation.letters:signed_at", ""),
)

CLOSED = ("school-safety", "primary-safety")


@demo_step("accounts", "安全台账", order=60)
def load_accounts(world: World) -> None:
    """A directory in force, uploads of most schools, and some entries that do not apply."""
    county, year, now = world.units["county"], this_year(), clock.now()
    said = {"org": county, "year": year, "issued_at": now}
    directory = create(LOADER, Directory(title="中小学幼儿园安全台账目录（演示）", **said))
    common = {"org": county, "directory": directory, "since": year}
    uploads = [
        Section(kind=kind, title=title, period=period, materials=names, **common)
        for kind, title, period, names in UPLOADED
    ]
    found = [
        Section(kind=kind, title=title, period=period, source=source, condition=condition, **common)
        for kind, title, period, source, condition in GATHERED
    ]
    sections = create_all(LOADER, [*uploads, *found])
    rows = [
        Item(
            org=school.org,
            section=section,
            title=f"{name}（演示）",
            material=name,
            day=_day(world),
            state="passed" if world.rng.random() < 0.3 else "filed",
        )
        for school in world.schools
        for section in sections
        for name in section.material_names
        if world.rng.random() < 0.7
    ]
    create_all(LOADER, rows)
    traffic = next(one for one in sections if one.kind == "traffic")
    asked = [
        Exemption(
            org=school.org,
            section=traffic,
            year=year,
            reason="本校学生都就近步行上学，没有校车和接送车辆",
            state="agreed" if number % 2 else "asked",
        )
        for number, school in enumerate(world.schools[::20])
    ]
    create_all(LOADER, asked)
    for name in CLOSED:
        close_former(world.accounts[name].unit)


def close_former(unit: OrgUnit) -> None:
    """The year before, with entries of the school's own, closed."""
    year = last_year()
    own = {"org": unit, "since": year, "until": year}
    duty = create(LOADER, Section(title="制度与总结", kind="duty", materials="管理制度\n工作总结", **own))
    create(
        LOADER, Section(title="安全会议记录", kind="meeting", source="organisation.meetings:held_at", **own)
    )
    day = span_of(year)[1] - timedelta(days=40)
    for name in duty.material_names:
        said = {"org": unit, "section": duty, "day": day, "state": "passed"}
        create(LOADER, Item(title=f"{name}（演示）", material=name, **said))
    perform(LOADER, create(LOADER, Closing(org=unit, year=year)), "close")


def _day(world: World) -> date:
    return world.today - timedelta(days=world.rng.randrange(0, 45))

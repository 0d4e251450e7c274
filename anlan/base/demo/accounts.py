"""People, posts and accounts of the demo county; one documented password for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from anlan.base.demo.names import demo_phones, person_name
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.demo.tree import TOWNS
from anlan.base.derived_grants import derive_many
from anlan.base.people import Person
from anlan.base.posts import PostHolder, wanted_grants
from anlan.base.schools import School
from anlan.engines.audit.api import create_all
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, OrgUnit, Role

SIGN_IN_WITH = "Anlan-2026-demo"


@dataclass(frozen=True)
class Seat:
    """An account to be: its name, unit key, role, the person's kind and duty."""

    username: str
    unit: str
    role: str
    kind: str = "officer"
    duty: str = ""


SEATS = [
    Seat("province", "province", "upper_safety", duty="省教育厅安全处"),
    Seat("city", "city", "upper_safety", duty="市教育局安全科"),
    Seat("sysadmin", "county", "system_admin", duty="信息中心"),
    Seat("secadmin", "county", "security_admin", duty="信息中心"),
    Seat("auditor", "county", "auditor", duty="审计岗"),
    Seat("unitadmin", "county", "unit_admin", duty="办公室"),
    Seat("bureau", "county", "bureau_safety", duty="安全科科长"),
    Seat("leader", "county", "bureau_leader", duty="分管副局长"),
    Seat("viewer", "county", "bureau_viewer", duty="督导室"),
    Seat("neighbour", "neighbour", "bureau_safety", duty="安全科科长"),
    Seat("police", "police", "agency_liaison", "liaison", "治安大队联络员"),
    Seat("fire", "fire", "agency_liaison", "liaison", "防火监督员"),
    Seat("health", "health", "agency_liaison", "liaison", "疾控科联络员"),
    Seat("citypolice", "city_police", "agency_liaison", "liaison", "内保支队联络员"),
    Seat("university", "university", "unit_admin", duty="保卫处处长"),
    *[Seat(f"team{place}", "county", "", "inspector", "安全小组") for place in (1, 2)],
    *[Seat(f"inspector{place}", "county", "", "inspector", "巡查员") for place in range(1, 13)],
    Seat("supervision", "county", "bureau_supervision", duty="督导室主任"),
    Seat("lead", "county", "evaluation_lead", duty="评估负责人"),
    Seat("writer", "county", "report_writer", duty="报告编写员"),
    Seat("moral", "county", "bureau_moral", duty="德育科科长"),
    *[Seat(f"judge{place}", "county", "judge", duty="评估专家") for place in range(1, 4)],
    *[Seat(f"town{place}", town, "township_officer", duty="安全专干") for place, town in enumerate(TOWNS, 1)],
]
SHOWN_SCHOOLS = {"澜江县第三中学": "school", "澜江县实验小学": "primary", "澜江县第一实验幼儿园": "kinder"}
POSTS = [
    ("head", "校长", "head", "teacher"),
    ("safety", "安全办主任", "safety_manager", "safety"),
    ("contact", "办公室干事", "contact", "teacher"),
    ("teacher", "教师", "teacher", "teacher"),
    ("guard", "保安队长", "guard_captain", "guard"),
    ("canteen", "食堂管理员", "canteen_manager", "canteen"),
    ("dorm", "宿管员", "dorm_keeper", "dorm"),
]


class Hiring:
    """Invents people with accounts; everything is stored at the end in bulk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.phones = demo_phones()
        self.key = make_password(SIGN_IN_WITH)
        self.users: list[User] = []
        self.people: list[Person] = []

    def hire(self, username: str, unit: OrgUnit, kind: str, duty: str) -> Person:
        """A person with an account."""
        name, sex = person_name(self.world.rng)
        phone = next(self.phones)
        user = User(username=username, phone=phone, name=name, unit=unit, must_change_password=False)
        user.password = self.key
        person = Person(org=unit, name=name, sex_id=f"sex.{sex}", phone=phone, duty=duty, account=user)
        person.kind_id = f"person_kind.{kind}"
        person.prepare()
        self.users.append(user)
        self.people.append(person)
        return person

    def store(self) -> None:
        """Write accounts, then people."""
        User.objects.bulk_create(self.users, batch_size=500)
        for person in self.people:
            person.account = person.account
        create_all(LOADER, self.people)
        for user, person in zip(self.users, self.people, strict=True):
            self.world.accounts[user.username] = user
            self.world.people[user.username] = person
            self.world.staff.setdefault(person.org_id, []).append(person)


def _school_posts(school: School) -> Iterator[tuple[str, str, str, str]]:
    for stem, duty, post, kind in POSTS:
        missing = (post == "canteen_manager" and not school.has_canteen) or (
            post == "dorm_keeper" and not school.boarders
        )
        if not missing:
            yield stem, duty, post, kind


@demo_step("base.people", "人员和账号")
def load_people(world: World) -> None:
    """Office holders, inspectors, township officers and the people of every school, with their grants."""
    hiring, posts = Hiring(world), []
    for seat in SEATS:
        hiring.hire(seat.username, world.units[seat.unit], seat.kind, seat.duty)
    for number, school in enumerate([*world.schools, *world.others], 1):
        prefix = SHOWN_SCHOOLS.get(school.name, f"s{number:03d}")
        for stem, duty, post, kind in _school_posts(school):
            person = hiring.hire(f"{prefix}-{stem}", school.org, kind, duty)
            posts.append((school, post, person, duty))
    hiring.store()
    roles = {role.code: role for role in Role.objects.all()}
    Grant.objects.bulk_create(
        Grant(user=world.accounts[seat.username], role=roles[seat.role], unit=world.units[seat.unit])
        for seat in SEATS
        if seat.role in roles
    )
    _fill_posts(world, posts)


def _fill_posts(world: World, posts: list[tuple[School, str, Person, str]]) -> None:
    since = world.today.replace(year=world.today.year - 2, month=9, day=1)
    holders = [
        PostHolder(org=school.org, post_id=f"safety_post.{post}", person=person, duty=duty, starts_on=since)
        for school, post, person, duty in posts
        if not (post == "safety_manager" and world.rng.random() < 0.02)
    ]
    for holder in holders:
        holder.prepare()
    create_all(LOADER, holders)
    derive_many((holder, holder.person.account, wanted_grants(holder)) for holder in holders)

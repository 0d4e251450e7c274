"""Companies, contracts, guards and certificates of demo schools; everybody is invented."""

from datetime import date, datetime, time, timedelta

from anlan.base.demo.names import person_name
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.people import Person
from anlan.base.schools import School
from anlan.domains.guards.bodies import Body, Contract
from anlan.domains.guards.cards import Card
from anlan.domains.guards.gear import KINDS, Gear, Post
from anlan.domains.guards.people import POSTS, Guard
from anlan.domains.guards.posting import PostShift
from anlan.domains.guards.rules import DEFAULTS
from anlan.domains.guards.visits import Visit
from anlan.engines.audit.api import change, create, create_all
from anlan.kernel import clock
from anlan.kernel.identifiers import citizen_check, credit_check, organisation_check

COMPANIES = [("澜江县平安保安服务有限公司（演示）", 300), ("澜江县卫盾保安服务有限公司（演示）", -15)]


def _credit_code(number: int) -> str:
    stem = f"91350500MB{number:06d}"
    code = stem + organisation_check(stem[8:16])
    return code + credit_check(code)


def _identity(number: int, born: date) -> str:
    """A number of a division that does not exist, so that it is nobody's."""
    stem = f"990000{born:%Y%m%d}{number % 1000:03d}"
    return stem + citizen_check(stem)


@demo_step("guards.cards", "保安公司、保安员和保安员证", order=40)
def load_guards(world: World) -> None:
    """Two companies, a contract each for every other school, guards near the standard."""
    county = world.units["county"]
    bodies = [
        Body(
            org=county, kind="company", name=name, credit_code=_credit_code(number), head="演示负责人",
            licence_number=f"闽公保服 {number:04d} 号（演示）", licence_until=world.today + timedelta(days=days),
        )
        for number, (name, days) in enumerate(COMPANIES, 1)
    ]  # fmt: skip
    create_all(LOADER, bodies, action="load")
    served = [(school, bodies[number % 7 == 3]) for number, school in enumerate(world.schools)]
    create_all(LOADER, [_contract(world, *pair) for pair in served[::2]], action="load")
    guards = [guard for pair in served for guard in _guards(world, *pair)]
    for number, guard in enumerate(guards):
        guard.born_on = world.today - timedelta(days=world.rng.randint(24 * 365, 61 * 365))
        guard.identity = _identity(number, guard.born_on)
    create_all(LOADER, guards, action="load")
    create_all(
        LOADER,
        [_card(world, guard, number) for number, guard in enumerate(guards) if number % 12],
        action="load",
    )


@demo_step("guards.gear", "防护岗位和装备", order=44)
def load_gear(world: World) -> None:
    """A gate room with nearly everything at some schools, and gear that runs out soon."""
    first = {guard.org_id: guard for guard in Guard.objects.unscoped().order_by("-pk")}
    orgs = [school.org for school in world.schools[:30]]
    posts = [Post(org=org, name="大门门卫室", room="gate", keeper=first.get(org.pk)) for org in orgs]
    create_all(LOADER, posts, action="load")
    gear = []
    for number, post in enumerate(posts):
        for kind, _ in KINDS[number % 4 == 0 :]:
            ends = world.today + timedelta(days=world.rng.choice([-20, 15, 300, 700]))
            gear.append(Gear(org=post.org, post=post, kind=kind, owned=2, valid_to=ends))
    create_all(LOADER, gear, action="load")


def _contract(world: World, school: School, body: Body) -> Contract:
    ends = world.today + timedelta(days=world.rng.choice([-8, 25, 200, 200, 400]))
    return Contract(
        org=school.org, body=body, guards=DEFAULTS.required(school.pupils, school.boarders) or 1,
        starts_on=ends - timedelta(days=364), ends_on=ends, price=60_000,
    )  # fmt: skip


def _guards(world: World, school: School, body: Body) -> list[Guard]:
    must = DEFAULTS.required(school.pupils, school.boarders) or 1
    here = max(1, must - (world.rng.random() < 0.15))
    rows = []
    for number in range(here):
        guard = Guard(
            org=school.org, body=body, name=person_name(world.rng)[0], post=POSTS[number % len(POSTS)][0]
        )
        guard.joined_on = world.today - timedelta(days=world.rng.randint(30, 1500))
        guard.veteran = world.rng.random() < 0.3
        if world.rng.random() < 0.95:
            guard.background, guard.checked_on = "clear", guard.joined_on
        rows.append(guard)
    return rows


def _card(world: World, guard: Guard, number: int) -> Card:
    issued = world.today - timedelta(days=world.rng.randint(100, 2500))
    card = Card(org=guard.org, guard=guard, number=f"3505{number:08d}", issued_on=issued)
    card.issuer = "县公安局（演示）"
    return card


HOURS = [("早高峰", "taught", 7, 8, 2), ("放学", "taught", 16, 18, 2), ("夜班", "every", 19, 7, 1)]


@demo_step("guards.posts", "保安岗位班次和来访登记", order=46)
def load_posts(world: World) -> None:
    """The gate of each school people sign in to, its shifts, a guard with an account, and who came."""
    for name in ("school", "primary", "kinder"):
        account = world.accounts[f"{name}-guard"]
        unit = account.unit
        person = Person.unguarded.filter(account=account).first()
        guard = Guard.unguarded.filter(org=unit).order_by("pk").first()
        if person and guard:
            change(LOADER, guard, {"person": person, "name": person.name})
        known = Post.unguarded.filter(org=unit, name="大门门卫室").first()
        post = known or create(LOADER, Post(org=unit, name="大门门卫室", room="gate"))
        create_all(
            LOADER,
            [
                PostShift(
                    org=unit, post=post, name=words, days=days, begins_at=time(begins), ends_at=time(ends), members=most
                )
                for words, days, begins, ends, most in HOURS
            ],
        )  # fmt: skip
        came = datetime.combine(world.today - timedelta(days=1), time(10), clock.zone())
        rows = [("visitor", "家长来访", "一年级办公室"), ("delivery", "教材两箱", "教务处")]
        create_all(
            LOADER,
            [
                Visit(
                    org=unit, kind=kind, name=person_name(world.rng)[0], purpose=purpose, host=host,
                    came_at=came, left_at=came + timedelta(minutes=25),
                )
                for kind, purpose, host in rows
            ],
        )  # fmt: skip

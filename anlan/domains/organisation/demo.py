"""Safety bodies of some schools of the demo county, and responsibility letters signed by most."""

from datetime import datetime, time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.people import Person
from anlan.base.posts import PostHolder
from anlan.domains.organisation.bodies import Body, Seat
from anlan.domains.organisation.contacts import Contact
from anlan.domains.organisation.issuing import issue_letters, sign_letter
from anlan.domains.organisation.letters import Letter, LetterIssue, LetterTemplate
from anlan.domains.organisation.meetings import Meeting, SignIn
from anlan.engines.audit.api import Actor, create, create_all
from anlan.kernel import clock

SCHOOLS = 12
BODY = """为落实校园安全责任，【签发单位】与【单位】签订本责任书（【学年】学年）。

一、【姓名】任【岗位】，对职责范围内的校园安全负责。
二、每月组织一次安全检查，发现隐患当日登记，按期整改。
三、学校食品、消防、校车、宿舍和周边安全按照标准落实到人。
四、发生安全事故立即上报，不迟报、不漏报、不瞒报。

本责任书由双方在线签署，签署后不能更改。（演示文本）"""


GROUPS = (("消防安全工作组", "special"), ("食品安全工作组", "special"), ("应急处置工作组", "special"))


@demo_step("organisation.bodies", "学校安全组织", order=35)
def load_bodies(world: World) -> None:
    """A leading group with an office and special groups at the schools people sign in to."""
    for name in ("school", "primary", "kinder"):
        unit = world.accounts[f"{name}-head"].unit
        people = world.staff[unit.pk]
        top = _body(world, people[:4], "校园安全工作领导小组", "leading", None)
        office = _body(world, people[1:3], "安全办公室", "office", top)
        for number, (title, kind) in enumerate(GROUPS, 2):
            _body(world, people[number : number + 3], title, kind, office)


def _body(world: World, people: list[Person], name: str, kind: str, parent: Body | None) -> Body:
    unit = people[0].org
    since = world.today - timedelta(days=400)
    body = create(LOADER, Body(org=unit, name=name, kind=kind, parent=parent, starts_on=since))
    parts = ["head", "deputy", *["member"] * len(people)]
    rows = [
        Seat(org=unit, body=body, person=person, part=part, starts_on=since)
        for person, part in zip(people, parts, strict=False)
    ]
    create_all(LOADER, rows)
    return body


CONTACTS = (
    ("police", "辖区派出所（演示）", "110"),
    ("fire", "消防救援站（演示）", "119"),
    ("hospital", "县医院急诊（演示）", "120"),
    ("street", "镇街应急值班（演示）", "12345"),
)


@demo_step("organisation.meetings", "安全会议与应急通讯录", order=36)
def load_meetings(world: World) -> None:
    """Contacts of every school, some not checked for long; monthly meetings where people sign in."""
    rows = [
        Contact(
            org=school.org, kind=kind, name=name, phone=phone, checked_on=world.today - timedelta(days=days)
        )
        for school in world.schools
        for days in [world.rng.choice((20, 60, 90, 120, 200))]
        for kind, name, phone in CONTACTS
    ]
    create_all(LOADER, rows)
    for name in ("school", "primary", "kinder"):
        unit = world.accounts[f"{name}-head"].unit
        people = [person for person in world.staff[unit.pk] if person.account_id][:6]
        for back in (75, 45, 15):
            _meeting(world, people, back)


def _meeting(world: World, people: list[Person], back: int) -> None:
    held = datetime.combine(world.today - timedelta(days=back), time(15), clock.zone())
    said = {"title": f"{held:%m}月安全工作例会", "place": "会议室", "host": people[0], "held_at": held}
    agenda, minutes = "通报检查情况，部署下月工作", "通报了检查情况，布置了整改任务。（演示）"
    meeting = create(LOADER, Meeting(org=people[0].org, agenda=agenda, minutes=minutes, **said))
    meeting.attendees.set(people)
    there = [one for one in people if world.rng.random() < 0.85]
    create_all(LOADER, [SignIn(org=meeting.org, meeting=meeting, person=one, at=held) for one in there])


@demo_step("organisation.letters", "安全责任书", order=40)
def load_letters(world: World) -> None:
    """Letters of the bureau to heads of some schools: signed by most."""
    county, leader = world.units["county"], world.accounts["leader"]
    actor = Actor.person(leader)
    template = create(
        LOADER, LetterTemplate(org=county, title="校园安全目标责任书（演示）", level="school", body=BODY)
    )
    due = world.today + timedelta(days=9)
    issue = create(actor, LetterIssue(org=county, template=template, title="校园安全目标责任书", due_on=due))
    heads = PostHolder.objects.unscoped().filter(post="safety_post.head", person__account__isnull=False)
    issue.named.set(heads.filter(org__path__startswith=county.path).order_by("org__path")[:SCHOOLS])
    for number, letter in enumerate(issue_letters(actor, issue)):
        if number % 4 and letter.signer.username != "school-head":
            sign_letter(Actor.person(letter.signer), Letter.objects.unscoped().get(pk=letter.pk))

"""Notices of two years with their read lists, announcements, quick reports."""

from datetime import datetime, time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.sending import put_on_desks
from anlan.engines.audit.api import create_all
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock

TITLES = [
    "关于做好强降雨期间校园防汛工作的通知", "关于开展消防安全专项检查的通知", "关于报送应急疏散演练资料的通知",
    "关于加强食堂食品安全管理的通知", "关于做好冬季用电安全的通知", "关于开展防溺水教育的通知",
    "关于做好学生上下学交通安全的通知", "关于排查校舍安全隐患的通知",
]  # fmt: skip
REPORTS = [
    "楼梯扶手松动",
    "走廊灯不亮",
    "校门口车辆乱停",
    "水龙头漏水",
    "插座松动冒火花",
    "操场地面破损",
    "监控画面黑屏",
]
# Title, days from now until it ends, on top.
ANNOUNCED = (
    ("秋冬季校园安全专项整治公告", 30, True),
    ("学校安全宣传周活动安排", 10, False),
    ("暑期校舍维修公告", -60, False),
)
NOTICES, QUICK = 24, 300


@demo_step("safety.notices", "通知公告", order=20)
def load_notices(world: World) -> None:
    """One notice a month to all schools; the last is still unread at some."""
    county, author = world.units["county"], world.accounts["bureau"]
    units = [school.org for school in world.schools]
    for back in range(NOTICES - 1, -1, -1):
        at = datetime.combine(world.today - timedelta(days=back * 30 + 2), time(9, 20), clock.zone())
        notice = Notice(
            org=county, title=TITLES[back % len(TITLES)], body="<p>请各校按要求逐项落实，并保留过程资料。</p>",
            state="published", audience={"whole": True}, published_at=at, created_at=at, created_by=author,
            reply_wanted=back % 3 == 0,
            reply_by=at + timedelta(days=7) if back % 3 == 0 else None,
        )  # fmt: skip
        create_all(LOADER, [notice], action="load")
        notice.addressees.set(units)
        create_all(LOADER, [_copy(world, notice, unit, at, back) for unit in units], action="load")
        if not back:
            put_on_desks(notice, list(notice.copies.filter(seen=False).select_related("org")))


def _copy(world: World, notice: Notice, unit: OrgUnit, at: datetime, back: int) -> NoticeCopy:
    copy = NoticeCopy(org=unit, notice=notice, created_at=at)
    people = world.staff.get(copy.org_id, [])
    reader = next((person.account for person in people if person.account), None)
    if reader and (back or world.rng.random() < 0.9):
        copy.read_at = min(at + timedelta(hours=world.rng.uniform(0.2, 60)), clock.now())
        copy.read_by, copy.seen = reader, True
        if notice.reply_wanted:
            copy.reply, copy.replied_at, copy.replied_by = "已按要求落实。", copy.read_at, reader
            copy.answered = True
    return copy


@demo_step("safety.announcements", "公告", order=21)
def load_announcements(world: World) -> None:
    """Three announcements to all schools: one on top, one plain, one that is over."""
    for title, days, pinned in ANNOUNCED:
        at = datetime.combine(world.today - timedelta(days=abs(days)), time(10), clock.zone())
        made = Notice(
            org=world.units["county"], kind="announcement", title=title, body=f"<p>{title}，请各校师生知悉。</p>",
            state="published", published_at=at, created_at=at, created_by=world.accounts["bureau"],
            shown_until=world.today + timedelta(days=days), pinned=pinned, audience={"whole": True},
        )  # fmt: skip
        create_all(LOADER, [made], action="load")
        made.addressees.set([school.org for school in world.schools])


@demo_step("safety.quick", "随手报", order=20)
def load_quick(world: World) -> None:
    """Reports of staff at the schools; the newest wait to be taken."""
    kinds = list(QuickKind.objects.unscoped().filter(org=world.units["county"], confidential=False))
    rows = []
    for number in range(QUICK):
        school = world.rng.choice(world.schools)
        at = clock.now() - timedelta(days=world.rng.uniform(0.2, 700), minutes=number)
        people = [person.account for person in world.staff.get(school.org_id, []) if person.account]
        rows.append(QuickReport(
            org=school.org, number=f"SSB{at:%y%m%d}{number:06d}", kind=world.rng.choice(kinds),
            text=world.rng.choice(REPORTS), place=world.rng.choice(["教学楼", "操场", "校门口", "食堂"]),
            created_at=at, created_by=world.rng.choice(people) if people else None, result="已处理",
            state="solved" if number > 12 else "received", hidden=world.rng.random() < 0.1,
        ))  # fmt: skip
    create_all(LOADER, rows, action="load")

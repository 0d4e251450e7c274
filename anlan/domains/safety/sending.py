"""Verbs of the sender: publish at once or at a set time, revise, recall, urge (D06.1-D06.5)."""

from typing import Any

from django.db import transaction
from django.db.models import F, Q

from anlan.domains.safety.audiences import PUBLISH
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice, NoticeVersion
from anlan.domains.safety.receiving import RECEIVE
from anlan.engines.audit.api import SYSTEM, Actor, change, create_all
from anlan.engines.messaging.api import declare_event, holders_at, send, urge
from anlan.engines.org.api import OrgUnit, require
from anlan.engines.tasks.api import Job, Todo, background, close_todos, declare_periodic, open_todos
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

WAYS = "sms wechat"
declare_event("safety.notice", "notice", "{title}", "{sender}发来通知，请查阅。", channels=WAYS)
declare_event(
    "safety.notice.urgent", "notice", "紧急：{title}", "{sender}发来紧急通知。", channels=WAYS, urgent=True
)
declare_event(
    "safety.notice.revised", "notice", "已修订：{title}", "{sender}修订了通知，请重新查阅。", channels=WAYS
)
declare_event("safety.notice.recalled", "notice", "已撤回：{title}", "{sender}撤回了这份通知。")


def _may_publish(actor: Actor, notice: Notice) -> None:
    found = require(actor.user, PUBLISH)
    if not found.covers(notice.org.path):
        raise Forbidden(PUBLISH)
    if not all(found.covers(unit.path) for unit in notice.addressees.all()):
        raise Rejected({"addressees": "含有不在您管理范围内的单位"})


def publish(actor: Actor, notice: Notice) -> Notice:
    """Send a draft to its addressees, one copy each; at its set time if that lies ahead."""
    _may_publish(actor, notice)
    if not notice.addressees.exists():
        raise Rejected({"addressees": "请先选择发布对象"})
    if notice.publish_at and notice.publish_at > clock.now():
        return change(actor, notice, {"state": "waiting"}, action="schedule", expect=Q(state="draft"))
    return send_out(actor, notice)


def publish_now(actor: Actor, notice: Notice) -> Notice:
    """Send a waiting notice before its time."""
    _may_publish(actor, notice)
    return send_out(actor, notice)


def call_off(actor: Actor, notice: Notice) -> Notice:
    """A waiting notice becomes a draft again."""
    _may_publish(actor, notice)
    return change(actor, notice, {"state": "draft"}, action="unschedule", expect=Q(state="waiting"))


@transaction.atomic
def send_out(actor: Actor, notice: Notice) -> Notice:
    """Publish now: one copy, one to-do and one message per addressee; announcements only show."""
    version = notice.form.version_in_use if notice.form else None
    if notice.form and version is None:
        raise Rejected({"form": "这张反馈表已停用"})
    values = {"state": "published", "published_at": clock.now(), "form_version": version}
    change(actor, notice, values, action="publish", expect=Q(state__in=("draft", "waiting")))
    if notice.kind == "notice":
        units = list(notice.addressees.all())
        made = create_all(actor, [NoticeCopy(notice=notice, org=unit) for unit in units], action="deliver")
        put_on_desks(notice, made)
        _tell(notice, "safety.notice.urgent" if notice.urgent else "safety.notice", units)
    return notice


def publish_due() -> int:
    """Publish every waiting notice whose time has come; returns how many. Safe to run twice at once."""
    waiting = Notice.objects.unscoped().filter(state="waiting", publish_at__lte=clock.now(), archived_at=None)
    done = 0
    for notice in waiting.select_related("org", "form", "created_by"):
        actor = Actor.person(notice.created_by) if notice.created_by else SYSTEM
        try:
            send_out(actor, notice)
        except (Conflict, Rejected):
            continue
        done += 1
    return done


@background("定时发布通知")
def publish_waiting(job: Job) -> dict[str, Any]:
    """Publish what was set for now."""
    return {"published": publish_due()}


declare_periodic("safety.notices", "* * * * *", publish_waiting)


def put_on_desks(notice: Notice, copies: list[NoticeCopy]) -> None:
    """A to-do at every addressed unit, for whoever answers for notices there."""
    open_todos(
        Todo(
            kind=RECEIVE,
            title=notice.title,
            verb="反馈" if notice.reply_wanted and not copy.answered else "查阅",
            url=copy.get_absolute_url(),
            model=copy._meta.label_lower,
            object_id=copy.pk,
            org=copy.org,
            permission=RECEIVE,
            due_at=notice.reply_by,
        )
        for copy in copies
    )


def _tell(notice: Notice, event: str, units: list[OrgUnit]) -> None:
    """One message per person, however many addressed units the person answers for."""
    people = holders_at(units, RECEIVE)
    context = {"title": notice.title, "sender": notice.org.name}
    key = f"{event}:{notice.pk}:{notice.revision}"
    send(event, people, notice, url=own_copy_url(notice), key=key, context=context)


def own_copy_url(notice: Notice) -> str:
    """Address that leads each addressee to the copy of the own unit."""
    return f"/safety/received-notices/of/{notice.pk}/"


def copies_of(notice: Notice) -> Any:
    """Every addressed unit of the notice."""
    return NoticeCopy.objects.unscoped().filter(notice=notice).select_related("org", "notice")


@transaction.atomic
def revise(actor: Actor, notice: Notice, values: dict[str, Any]) -> Notice:
    """Change a published notice: the former text is kept, every addressee has to read it again."""
    _may_publish(actor, notice)
    if notice.state != "published":
        raise Conflict("只有已发布的通知可以修订")
    former = {"title": notice.title, "body": notice.body, "number": notice.revision}
    revised = values | {"revision": notice.revision + 1}
    change(actor, notice, revised, action="revise", expect=Q(state="published"))
    NoticeVersion.objects.create(notice=notice, replaced_by=actor.user, **former)
    copies = NoticeCopy.unguarded.filter(notice=notice)
    copies.update(read_at=None, read_by=None, seen=False, version=F("version") + 1)
    again = list(copies_of(notice))
    for copy in again:
        close_todos(copy, actor.user)
    put_on_desks(notice, again)
    _tell(notice, "safety.notice.revised", [copy.org for copy in again])
    return notice


@transaction.atomic
def recall(actor: Actor, notice: Notice) -> Notice:
    """Take a notice back; those who had it see it as recalled."""
    _may_publish(actor, notice)
    change(actor, notice, {"state": "recalled"}, action="recall", expect=Q(state="published"))
    copies = list(copies_of(notice))
    for copy in copies:
        close_todos(copy, actor.user)
    _tell(notice, "safety.notice.recalled", [copy.org for copy in copies])
    return notice


def urge_unread(actor: Actor, notice: Notice) -> int:
    """Remind the units that have not read the notice; Conflict within the limit. Returns how many."""
    _may_publish(actor, notice)
    unread = [copy.org for copy in copies_of(notice).filter(seen=False)]
    urge(actor, notice, holders_at(unread, RECEIVE), url=own_copy_url(notice), note="请尽快查阅。")
    return len(unread)

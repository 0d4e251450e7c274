"""Verbs of notices: publish, revise, recall, read, answer, urge (D06.1-D06.5)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.notices import Notice, NoticeCopy, NoticeVersion
from anlan.engines.audit.api import Actor, change, create_all, log
from anlan.engines.messaging.api import declare_event, holders, send, urge
from anlan.engines.org.api import declare_permission, require
from anlan.engines.tasks.api import close_todos, open_todo
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

SENDERS = ("bureau_safety", "bureau_leader", "team_admin", "upper_safety")
READERS = ("school_safety", "school_head", "school_contact", "agency_liaison")
PUBLISH = declare_permission("safety.notices.publish", "通知：发布", SENDERS).code
RECEIVE = declare_permission("safety.notices.receive", "通知：签收与反馈", READERS).code
declare_event("safety.notice", "notice", "{title}", "{sender}发来通知，请查阅。", channels="sms wechat")
declare_event(
    "safety.notice.urgent",
    "notice",
    "紧急：{title}",
    "{sender}发来紧急通知。",
    channels="sms wechat",
    urgent=True,
)


def _may_publish(actor: Actor, notice: Notice) -> None:
    found = require(actor.user, PUBLISH)
    if not found.covers(notice.org.path):
        raise Forbidden(PUBLISH)
    outside = [unit.name for unit in notice.addressees.all() if not found.covers(unit.path)]
    if outside:
        raise Rejected({"addressees": f"{outside[0]}不在您的管理范围内"})


@transaction.atomic
def publish(actor: Actor, notice: Notice) -> Notice:
    """Send a draft to its addressees, one copy each; at its set time if that lies ahead."""
    _may_publish(actor, notice)
    units = list(notice.addressees.all())
    if not units:
        raise Rejected({"addressees": "请选择发布对象"})
    if notice.publish_at and notice.publish_at > clock.now():
        return change(actor, notice, {"state": "waiting"}, action="publish", expect=Q(state="draft"))
    change(
        actor,
        notice,
        {"state": "published", "published_at": clock.now()},
        action="publish",
        expect=Q(state__in=("draft", "waiting")),
    )
    create_all(actor, [NoticeCopy(notice=notice, org=unit) for unit in units], action="deliver")
    put_on_desks(notice, copies_of(notice))
    return notice


def put_on_desks(notice: Notice, copies: Iterable[NoticeCopy]) -> None:
    """To-do and message for every addressed unit."""
    for copy in copies:
        verb = "反馈" if notice.reply_wanted else "查阅"
        open_todo(
            copy,
            RECEIVE,
            notice.title,
            notice.get_absolute_url(),
            verb=verb,
            permission=RECEIVE,
            due_at=notice.reply_by,
            org=copy.org,
        )
        send(
            "safety.notice.urgent" if notice.urgent else "safety.notice",
            readers_at(copy),
            copy,
            url=notice.get_absolute_url(),
            key=f"notice:{notice.pk}:{notice.revision}:{copy.org_id}",
            context={"title": notice.title, "sender": notice.org.name},
        )


def readers_at(copy: NoticeCopy) -> list[Any]:
    """Who answers for the notice at the addressed unit itself."""
    return holders(copy.org, permission=RECEIVE, at_unit=True)


def copy_at(actor: Actor, notice: Notice) -> NoticeCopy:
    """The copy of the person's own unit; Missing where the notice was not sent there."""
    copy: NoticeCopy = copies_of(notice).select_related("notice").one(org=actor.user.unit_id)
    return copy


def copies_of(notice: Notice) -> Any:
    """Every addressed unit of the notice."""
    return NoticeCopy.objects.unscoped().filter(notice=notice).select_related("org")


@transaction.atomic
def revise(actor: Actor, notice: Notice, values: dict[str, Any]) -> Notice:
    """Change a published notice: the former text is kept, every addressee has to read it again."""
    _may_publish(actor, notice)
    if notice.state != "published":
        raise Conflict("只有已发布的通知可以修订")
    NoticeVersion.objects.create(
        notice=notice, number=notice.revision, title=notice.title, body=notice.body, replaced_by=actor.user
    )
    change(
        actor,
        notice,
        values | {"revision": notice.revision + 1},
        action="revise",
        expect=Q(state="published"),
    )
    NoticeCopy.unguarded.filter(notice=notice).update(read_at=None, read_by=None)
    put_on_desks(notice, copies_of(notice))
    return notice


@transaction.atomic
def recall(actor: Actor, notice: Notice) -> Notice:
    """Take a notice back; those who had it see it as recalled."""
    _may_publish(actor, notice)
    change(
        actor, notice, {"state": "recalled"}, action="recall", expect=Q(state__in=("published", "waiting"))
    )
    for copy in copies_of(notice):
        close_todos(copy, actor.user)
    return notice


def read(actor: Actor, notice: Notice) -> None:
    """Mark the notice read at every unit of the person it was sent to; the first reader counts."""
    found = require(actor.user, "safety.notices.view")
    unread = NoticeCopy.objects.unscoped().filter(found.condition(), notice=notice, read_at=None)
    for copy in unread.filter(org=actor.user.unit):
        with transaction.atomic():
            taken = NoticeCopy.unguarded.filter(pk=copy.pk, read_at=None).update(
                read_at=clock.now(), read_by=actor.user
            )
            if taken:
                log(actor, "read", copy)
                if not notice.reply_wanted:
                    close_todos(copy, actor.user)


@transaction.atomic
def answer(actor: Actor, copy: NoticeCopy, text: str) -> NoticeCopy:
    """A unit's answer; after the deadline it is marked late, or refused where the sender said so."""
    if not require(actor.user, RECEIVE).covers(copy.org.path):
        raise Forbidden(RECEIVE)
    late = bool(copy.notice.reply_by and clock.now() > copy.notice.reply_by)
    if copy.notice.state != "published" or (late and not copy.notice.late_allowed):
        raise Conflict("反馈已经截止")
    if not text.strip():
        raise Rejected({"reply": "请填写反馈内容"})
    moment = clock.now()
    values = {"reply": text, "replied_at": moment, "replied_by": actor.user, "late": late}
    if copy.read_at is None:
        values |= {"read_at": moment, "read_by": actor.user}
    change(actor, copy, values, action="answer")
    close_todos(copy, actor.user)
    return copy


def urge_unread(actor: Actor, notice: Notice) -> int:
    """Remind the units that have not read the notice; Conflict within the limit. Returns how many."""
    _may_publish(actor, notice)
    unread = list(copies_of(notice).filter(read_at=None))
    people = [person for copy in unread for person in readers_at(copy)]
    urge(actor, notice, people)
    return len(unread)

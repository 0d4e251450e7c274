"""Safety meetings: called, signed in to, minuted, and followed by tasks (S05.5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.base.people import Person
from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.org.api import Record, declare_permission
from anlan.engines.workflow.api import FlowRecord, Workflow, done, move, renew_todos, todo
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

KINDS = [
    ("regular", "安全工作例会"),
    ("special", "专题会议"),
    ("emergency", "紧急会议"),
    ("training", "安全培训会"),
]
KEEPERS = ("bureau_safety", "school_head", "school_safety")
DOERS = ("school_head", "school_safety", "school_contact", "staff", "guard", "canteen_manager", "dorm_keeper")
ATTEND = declare_permission(
    "organisation.meetings.attend",
    "安全会议：签到",
    (*DOERS, "bureau_safety", "bureau_leader", "township_officer"),
).code
declare_event(
    "organisation.meeting", "notice", "会议通知：{title}", "{when}，{place}。", channels="sms wechat"
)


class Meeting(Record):
    """A meeting of the unit ``org``."""

    title = models.CharField("会议名称", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=KINDS, default="regular", db_index=True)
    held_at = models.DateTimeField("时间", db_index=True)
    place = models.CharField("地点", max_length=60)
    host = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主持人"
    )
    attendees = models.ManyToManyField(Person, related_name="+", verbose_name="参加人员")
    agenda = models.TextField("议程")
    minutes = models.TextField("会议纪要", blank=True)

    class Meta(Record.Meta):
        verbose_name = "安全会议"
        ordering = ["-held_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the meeting."""
        return f"/organisation/meetings/{self.pk}/"


class SignIn(Record):
    """Who was there, by the own account."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sign_ins", verbose_name="会议")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    at = models.DateTimeField("签到时间", default=clock.now)

    class Meta(Record.Meta):
        verbose_name = "会议签到"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="organisation_sign_in_once")
        ]


class MeetingTask(FlowRecord):
    """What the meeting decided somebody is to do."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tasks", verbose_name="会议")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="责任人")
    text = models.CharField("事项", max_length=200)
    due_on = models.DateField("完成期限")
    result = models.TextField("完成情况", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "会议任务"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """The page of the task."""
        return f"/organisation/meeting-tasks/{self.pk}/"

    def clean(self) -> None:
        """Refuse persons of another unit or without an account, and another unit's meeting."""
        faults = {}
        if self.person.org_id != self.org_id or self.person.account_id is None:
            faults["person"] = "只能指定本单位有账号的人员"
        if self.meeting.org_id != self.org_id:
            faults["meeting"] = "只能选本单位的会议"
        if faults:
            raise ValidationError(faults)


def _desk(task: MeetingTask) -> list[Any]:
    return [task.person.account]


def _own(task: MeetingTask, user: Any) -> str | None:
    return None if task.person.account_id == user.pk else "由责任人完成"


class MeetingTaskFlow(Workflow):
    """Done with a word on the result."""

    code = "organisation.meeting_tasks"
    title = "会议任务"
    model = MeetingTask
    states = {"open": todo("待完成"), "done": done("已完成")}
    initial, final = "open", "done"

    finish = move("完成", "open", "done", by=" ".join(DOERS), needs="result", guard=_own, desk=_desk)


def call(actor: Actor, meeting: Meeting) -> int:
    """Tell everybody who is to attend; how many have an account to be told."""
    people = [one.account for one in meeting.attendees.select_related("account") if one.account]
    if not people:
        raise Conflict("参加人员中没有人有账号")
    said = {"title": meeting.title, "when": f"{meeting.held_at.astimezone(clock.zone()):%m月%d日 %H:%M}"}
    send("organisation.meeting", people, meeting, context=said | {"place": meeting.place})
    return len(people)


def sign_in_to(actor: Actor, meeting: Meeting) -> SignIn:
    """The person signs in, once; Conflict for somebody who is not to attend."""
    person = meeting.attendees.filter(account=actor.user).first()
    if person is None:
        raise Conflict("您不在参加人员名单中")
    return create(actor, SignIn(org=meeting.org, meeting=meeting, person=person), action="sign_in")


def absent(meeting: Meeting) -> Any:
    """Who did not sign in."""
    return meeting.attendees.exclude(Q(pk__in=meeting.sign_ins.values("person")))


@events.on(Written)
def follow_person(event: Written) -> None:
    """Handler: an open task lies on the desk of whoever is to do it now."""
    task = event.record
    if isinstance(task, MeetingTask) and event.action != "create" and "person" in event.after and task.open:
        renew_todos(task)


passes_on(Meeting, "host", lambda: Q(held_at__gt=clock.now()), replaced=False)
passes_on(Meeting, "attendees", lambda: Q(held_at__gt=clock.now()), replaced=False)
passes_on(MeetingTask, "person")

"""Ledgers of safety meetings and the tasks that came of them (S05.5)."""

from typing import Any

from django import forms

from anlan.base.people import Person
from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.domains.organisation.meetings import (
    ATTEND,
    DOERS,
    KEEPERS,
    Meeting,
    MeetingTask,
    absent,
    call,
    sign_in_to,
)
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor, create
from anlan.engines.registry.api import Ledger, act, block, ledger
from anlan.engines.tasks.api import day_end


class TaskForm(forms.Form):
    """What is to be done, by whom, until when."""

    person = forms.ModelChoiceField(Person.unguarded.none(), label="责任人")
    text = forms.CharField(label="事项", max_length=200)
    due_on = forms.DateField(label="完成期限")

    @classmethod
    def for_record(cls, record: Meeting, *sent: Any) -> "TaskForm":
        """With the attendees who have an account."""
        form = cls(*sent)
        rows = record.attendees.filter(account__isnull=False, archived_at=None, org=record.org)
        form.fields["person"].queryset = rows  # type: ignore[attr-defined]
        return form


@ledger
class Meetings(Ledger):
    """Meetings with agenda, who signed in, minutes and tasks."""

    code = "organisation.meetings"
    model = Meeting
    title, noun, icon = "安全会议", "次", "calendar-event"
    area, group, order = "safety", "组织", 392
    columns = "title kind org held_at place host"
    filters = "org kind held_at"
    search = "title agenda minutes place"
    form = "org title kind held_at place host attendees agenda minutes"
    sort = "-held_at"
    files = {"annex": "会议材料", "photo": "会议照片"}
    example = {
        "title": "十一月安全工作例会",
        "place": "会议室",
        "agenda": "通报检查情况",
        "held_at": "2026-11-20T15:00+08:00",
    }
    happenings = {"call": "通知参会", "sign_in": "签到"}
    whose = "host attendees"
    roles = {
        "view": (*ABOVE, *IN_SCHOOL),
        **dict.fromkeys(("add", "edit", "archive"), KEEPERS),
        "export": (*ABOVE, *AT_SCHOOL),
    }

    @act("通知参会", "organisation.meetings.edit", icon="bell", effect="给每位参加人员发消息")
    def call(self, actor: Actor, record: Meeting, values: dict[str, Any]) -> None:
        """Tell the attendees."""
        call(actor, record)

    @act("签到", ATTEND, icon="check", kind="primary", effect="记录您已到会")
    def sign_in(self, actor: Actor, record: Meeting, values: dict[str, Any]) -> None:
        """One's own presence."""
        sign_in_to(actor, record)

    @act("布置任务", "organisation.meetings.edit", form=TaskForm, icon="plus")
    def assign(self, actor: Actor, record: Meeting, values: dict[str, Any]) -> None:
        """A task that came of the meeting."""
        task = MeetingTask(org=record.org, meeting=record, due_at=day_end(values["due_on"]), **values)
        create(actor, task)

    @block("到会和任务", "organisation/meeting_follow_up.html", printed=True)
    def follow_up(self, request: Any, record: Meeting) -> dict[str, Any]:
        """Who was there, who was not, and what came of it."""
        return {
            "present": record.sign_ins.select_related("person").order_by("at"),
            "absent": absent(record),
            "tasks": record.tasks.select_related("person"),
        }


@ledger
class MeetingTasks(Ledger):
    """Tasks of meetings, with who has not done them."""

    code = "organisation.meeting_tasks"
    model = MeetingTask
    readonly = True
    title, noun, icon = "会议任务", "项", "list-check"
    area, group, order = "safety", "组织", 394
    columns = "text state person meeting org due_on"
    facts = "text state person meeting org due_on result"
    filters = "org state"
    search = "text person__name meeting__title"
    sort = "due_on"
    example = {"text": "更换灭火器"}
    whose = "person"
    roles = {"view": (*ABOVE, *DOERS), "export": (*ABOVE, *AT_SCHOOL)}


archives("organisation.meeting_tasks", "report")

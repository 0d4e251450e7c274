"""Verbs of the addressee: read, answer in words, with files or on a form (D06.3, D06.5, SAF.04)."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.engines.audit.api import Actor, change, log
from anlan.engines.files.api import attach
from anlan.engines.forms.api import Response, Submitted, begin, declare_purpose
from anlan.engines.org.api import declare_permission, require, scope
from anlan.engines.registry.api import SeveralFiles
from anlan.engines.tasks.api import close_todos
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected

READERS = ("school_safety", "school_head", "school_contact", "agency_liaison")
RECEIVE = declare_permission("safety.notices.receive", "通知：签收与反馈", READERS).code
VIEW = "safety.received_notices.view"
PURPOSE, FILES = "notice_reply", "reply"


def _may_fill(user: Any, response: Response) -> bool:
    copy = copy_of(response)
    return copy is not None and copy.open_for_reply


def copy_of(response: Response) -> NoticeCopy | None:
    """The copy a filled form belongs to."""
    rows = NoticeCopy.objects.unscoped().select_related("notice", "org")
    found: NoticeCopy | None = rows.filter(response=response).first()
    return found


declare_purpose(PURPOSE, "通知反馈", view="safety.notice_copies.view", fill=RECEIVE, may_fill=_may_fill)


class AnswerForm(forms.Form):
    """A unit's answer to a notice."""

    reply = forms.CharField(label="反馈内容", widget=forms.Textarea, max_length=2000)
    papers = SeveralFiles(label="附件", required=False)

    @classmethod
    def for_record(cls, record: NoticeCopy, data: Any = None, files: Any = None) -> "AnswerForm":
        """The form with what was answered before."""
        return cls(data, files, initial={"reply": record.reply})


def own_copies(user: Any, notice: int) -> Any:
    """Copies of a sent notice at the units the person answers for, the unread first."""
    found = require(user, RECEIVE)
    rows = NoticeCopy.objects.unscoped().filter(found.condition(), notice=notice)
    return rows.order_by("seen", "pk")


def own_copy(user: Any, notice: int) -> NoticeCopy:
    """The copy of the person's own unit; Missing where the notice was not sent there."""
    copy: NoticeCopy | None = own_copies(user, notice).first()
    if copy is None:
        raise Missing
    return copy


def read(actor: Actor, copy: NoticeCopy) -> NoticeCopy:
    """Mark the copy read by somebody of the unit itself; the first reader counts, others change nothing."""
    notice = copy.notice
    if copy.seen or notice.state != "published" or copy.org.path not in scope(actor.user, RECEIVE).paths:
        return copy
    with transaction.atomic():
        values = {"seen": True, "read_at": clock.now(), "read_by": actor.user}
        if not NoticeCopy.unguarded.filter(pk=copy.pk, seen=False).update(**values):
            return copy
        log(actor, "read", copy)
        if not notice.reply_wanted or copy.answered:
            close_todos(copy, actor.user)
    for name, value in values.items():
        setattr(copy, name, value)
    return copy


@transaction.atomic
def answer(actor: Actor, copy: NoticeCopy, text: str, files: Any = (), **more: Any) -> NoticeCopy:
    """A unit's answer; after the deadline it is marked late, or refused where the sender said so."""
    if not require(actor.user, RECEIVE).covers(copy.org.path):
        raise Forbidden(RECEIVE)
    if not copy.open_for_reply:
        raise Conflict("反馈已经截止")
    if not text.strip():
        raise Rejected({"reply": "请填写反馈内容"})
    moment, by = clock.now(), copy.notice.reply_by
    values = {
        "reply": text.strip(),
        "answered": True,
        "replied_at": moment,
        "replied_by": actor.user,
        "late": bool(by and moment > by),
        **more,
    }
    if not copy.seen:
        values |= {"seen": True, "read_at": moment, "read_by": actor.user}
    change(actor, copy, values, action="answer")
    for upload in files:
        attach(actor, copy, upload, FILES)
    close_todos(copy, actor.user)
    return copy


@transaction.atomic
def open_form(actor: Actor, copy: NoticeCopy) -> Response:
    """The form to fill in for this unit, begun once however often it is opened."""
    if not copy.open_for_reply or copy.notice.form_version is None:
        raise Conflict("反馈已经截止")
    if copy.response is not None:
        return copy.response
    response = begin(actor, copy.notice.form_version, copy.org, PURPOSE)
    change(actor, copy, {"response": response}, action="begin", expect=Q(response=None))
    return response


@events.on(Submitted)
def take_form(event: Submitted) -> None:
    """Handing the form in is the answer."""
    if event.response.purpose != PURPOSE:
        return
    copy = copy_of(event.response)
    if copy is None:
        raise Conflict("这份通知已经不在了")
    answer(event.actor, copy, "已按反馈表填报")

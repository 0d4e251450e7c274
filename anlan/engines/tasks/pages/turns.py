"""The steps of a school task as verbs: who may take them now, with which form, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach
from anlan.engines.tasks.assignments import Stage
from anlan.engines.tasks.pages import verb_forms
from anlan.engines.tasks.passing import decide_extension, request_extension, transfer, urge_assignment
from anlan.engines.tasks.school_tasks import PHOTOS, SchoolTask
from anlan.engines.tasks.splitting import Part, pass_on, split
from anlan.engines.tasks.stepping import accept, cancel_assignment, return_, start, submit
from anlan.engines.tasks.traces import Extension, traces
from anlan.shell.parts import Action

Perform = Callable[[Actor, SchoolTask, Any], object]


def _report(actor: Actor, task: SchoolTask, form: Any) -> None:
    with transaction.atomic():
        for upload in form.cleaned_data[PHOTOS]:
            attach(actor, task, upload, PHOTOS)
        submit(actor, task, form.values())


def _transfer(actor: Actor, task: SchoolTask, form: Any) -> None:
    transfer(actor, task, form.cleaned_data["target"], form.cleaned_data["reason"])


def _extend(actor: Actor, task: SchoolTask, form: Any) -> None:
    request_extension(actor, task, form.cleaned_data["until"], form.cleaned_data["reason"])


def open_extension(task: SchoolTask) -> Extension | None:
    """The request for more time that waits for a decision."""
    found: Extension | None = traces(Extension, task).filter(state=Extension.State.ASKED).first()
    return found


def _decide(actor: Actor, task: SchoolTask, form: Any) -> None:
    said = form.cleaned_data
    if asked := open_extension(task):
        decide_extension(actor, task, asked, said["approve"] == "yes", said["opinion"])


def _split(actor: Actor, task: SchoolTask, form: Any) -> None:
    said = form.cleaned_data
    with transaction.atomic():
        if people := said.get("people"):
            split(actor, task, [Part(user, said["part"]) for user in people])
        if units := said.get("units"):
            pass_on(actor, task, units)


def _doer(user: Any, task: SchoolTask) -> bool:
    return task.open and task.done_by(user)


def _signed_doer(user: Any, task: SchoolTask) -> bool:
    return _doer(user, task) and task.accepted_at is not None


def _issuer(user: Any, task: SchoolTask) -> bool:
    return task.open and task.issued_by(user)


@dataclass(frozen=True)
class Verb:
    """A step: ``open_to`` says to whom it is offered; without a form it is one button."""

    code: str
    title: str
    perform: Perform
    open_to: Callable[[Any, SchoolTask], bool]
    form: type[verb_forms.TaskForm] | None = None
    prompt: str = ""
    danger: bool = False

    def url(self, task: SchoolTask) -> str:
        """Where the step is taken."""
        return reverse("tasks.school_tasks:verb", args=[task.pk, self.code])

    def action(self, task: SchoolTask, kind: str = "default") -> Action:
        """The step as a button or link."""
        if self.form is None:
            return Action(self.title, kind=kind, post=self.url(task))
        return Action(self.title, self.url(task), kind="danger" if self.danger else kind)


VERBS = {
    verb.code: verb
    for verb in (
        Verb(
            "accept",
            "接收任务",
            lambda actor, task, form: accept(actor, task),
            lambda user, task: _doer(user, task) and task.accepted_at is None,
            prompt="请您接收",
        ),
        Verb(
            "start",
            "开始执行",
            lambda actor, task, form: start(actor, task),
            lambda user, task: _signed_doer(user, task) and task.state == Stage.PENDING,
            prompt="请您开始",
        ),
        Verb(
            "report",
            "提交反馈",
            _report,
            lambda user, task: _doer(user, task) and task.state == Stage.DOING,
            verb_forms.ReportForm,
            "请您反馈",
        ),
        Verb(
            "decide",
            "审批延期",
            _decide,
            lambda user, task: _issuer(user, task) and open_extension(task) is not None,
            verb_forms.OpinionForm,
            "请您审批延期",
        ),
        Verb(
            "return",
            "退回",
            lambda actor, task, form: return_(actor, task, form.cleaned_data["reason"]),
            lambda user, task: task.state == Stage.COMPLETED and task.issued_by(user),
            verb_forms.ReasonForm,
        ),
        Verb("split", "分办", _split, _signed_doer, verb_forms.SplitForm),
        Verb(
            "transfer",
            "转办",
            _transfer,
            lambda user, task: _doer(user, task) or _issuer(user, task),
            verb_forms.TransferForm,
        ),
        Verb(
            "extend",
            "申请延期",
            _extend,
            lambda user, task: _doer(user, task) and open_extension(task) is None,
            verb_forms.ExtensionForm,
        ),
        Verb("urge", "催办", lambda actor, task, form: urge_assignment(actor, task), _issuer),
        Verb(
            "cancel",
            "取消任务",
            lambda actor, task, form: cancel_assignment(actor, task, form.cleaned_data["reason"]),
            _issuer,
            verb_forms.ReasonForm,
            danger=True,
        ),
    )
}


def turn_of(request: HttpRequest, task: SchoolTask) -> dict[str, Any]:
    """The next-action box for the person in turn, and the other steps as buttons of the head."""
    offered = [verb for verb in VERBS.values() if verb.open_to(request.user, task)]
    mine = next((verb for verb in offered if verb.prompt), None)
    actions = [verb.action(task) for verb in offered if verb is not mine]
    if mine is None:
        return {"actions": actions}
    form = mine.form(task) if mine.form else None
    turn = {
        "title": mine.prompt,
        "text": "",
        "post": mine.url(task),
        "form": form,
        "multipart": bool(form and form.is_multipart()),
        "buttons": [Action(mine.title, kind="primary")],
    }
    return {"actions": actions, "turn": turn}

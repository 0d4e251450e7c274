"""Base of ledgers whose rows are checked on the spot: the checklist behind a scanned label (R.32).

A ledger of things that are checked derives from :class:`Looked` (before its other base) and names the kind of
thing in ``looked_as``, further rounds with a checklist and rhythm of their own (weekly, monthly) in
``also_looked``; its model has :class:`Lookable`.
"""

from functools import partial
from typing import Any, ClassVar

from django import forms

from anlan.base.checklists import Line, lines_at, subjects
from anlan.base.looking import Said, look, scanned_lately
from anlan.base.roles import IN_SCHOOL
from anlan.base.spot_checks import checks_of
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import (
    Act,
    Block,
    Ledger,
    SeveralFiles,
    computed,
)
from anlan.kernel import clock

MAKE = declare_permission("base.spot_checks.make", "现场检查：填写", IN_SCHOOL).code


ANSWERS = [("pass", "合格"), ("fail", "不合格"), ("none", "不适用")]


class LookForm(forms.Form):
    """The checklist of a thing."""

    lines: ClassVar[list[Line]] = []

    def failed(self) -> tuple[Line, ...]:
        """Lines that failed."""
        return tuple(line for line in self.lines if self.cleaned_data[line.key] == "fail")


def checklist_form(code: str, record: Any, data: Any = None, files: Any = None) -> forms.Form:
    """The checklist of a kind of thing as asked at the record's unit."""
    form = LookForm(data, files, initial={"at": clock.now().astimezone(clock.zone())})
    form.lines = lines_at(record.org, code)  # type: ignore[misc]
    for line in form.lines:
        form.fields[line.key] = forms.ChoiceField(
            label=line.text + ("（安全项）" if line.vital else ""),
            choices=ANSWERS,
            widget=forms.RadioSelect,
            initial="pass",
        )
    moment = forms.DateTimeInput(format="%Y-%m-%dT%H:%M")
    form.fields["at"] = forms.DateTimeField(label="检查时间", widget=moment)
    form.fields["note"] = forms.CharField(label="说明", max_length=300, required=False)
    form.fields["photos"] = SeveralFiles(label="现场照片", required=False)
    return form


def said_in(actor: Actor, record: Any, code: str, values: dict[str, Any]) -> Said:
    """What was filled into :func:`checklist_form` about a thing."""
    failed = tuple(line for line in lines_at(record.org, code) if values.get(line.key) == "fail")
    scanned = scanned_lately(actor.user, record)
    return Said(failed, values["at"], values["note"], tuple(values["photos"]), scanned)


def panel_of(owner: Ledger, record: Any, most: int = 12) -> dict[str, Any]:
    """What the panel of checks shows."""
    return {
        "checks": checks_of(owner, record).select_related("created_by")[:most],
        "thing": record,
        "several": bool(getattr(owner, "also_looked", "")),
    }


class Looked(Ledger):
    """Base of ledgers whose rows are checked on the spot; a scanned label leads to the checklist."""

    looked_as: ClassVar[str] = ""
    also_looked: ClassVar[str] = ""
    scan_act: ClassVar[str] = "look_at"

    @computed("上次检查", "chip", needs="org")
    def looked(self, row: Any) -> tuple[str, str]:
        """In time, overdue, never."""
        if getattr(row, "at_rest", False) or not row.there:
            return "idle", "不计"
        if row.look_by is None:
            return "todo", "未检查过"
        late = (clock.today() - row.look_by).days
        return ("late", f"超期 {late} 天") if late > 0 else ("done", f"{row.look_by:%m-%d} 前有效")

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if cls.looked_as:
            _equip(cls)
        for code in cls.also_looked.split():
            _ask_also(cls, code)


def _equip(declaration: type[Looked]) -> None:
    def looks(self: Looked, request: Any, record: Any) -> dict[str, Any]:
        return panel_of(self, record)

    looks.block = Block("现场检查", "base/spot_checks.html", "looks")  # type: ignore[attr-defined]
    declaration.looks = looks  # type: ignore[attr-defined]
    _offer(declaration, declaration.looked_as, "look_at", "现场检查")


def _ask_also(declaration: type[Looked], code: str) -> None:
    _offer(declaration, code, f"look_{code.rpartition('.')[2]}", subjects[code].title)


def _offer(declaration: type[Looked], code: str, name: str, title: str) -> None:
    def look_at(self: Looked, actor: Actor, record: Any, values: dict[str, Any]) -> str:
        return look(actor, self, record, said_in(actor, record, code, values), code).get_absolute_url()

    form = type("LookAsked", (forms.Form,), {"for_record": staticmethod(partial(checklist_form, code))})
    look_at.act = Act(title, MAKE, form, when=_in_place, icon="clipboard-check", name=name)  # type: ignore[attr-defined]
    setattr(declaration, name, look_at)


def _in_place(record: Any) -> bool:
    return record.archived_at is None and getattr(record, "state", "") != "scrapped" and record.there

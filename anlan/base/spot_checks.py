"""Checks on the spot: a thing's label is scanned, its checklist answered; what fails becomes a hazard (R.32).

A ledger of things that are checked derives from :class:`Looked` (before its other base) and names the kind of
thing in ``looked_as``, further rounds with a checklist and rhythm of their own (weekly, monthly) in
``also_looked``; its model has :class:`Lookable`. A failed thing with a life is reported, or stopped where the line
is vital, and stays so until the repair is confirmed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html

from anlan.base.checklists import Line, days_at, lines_at, subject_choices, subjects
from anlan.base.found import Filed, Found
from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.engines.audit.api import SYSTEM, Actor, AuditEntry, change, create
from anlan.engines.files.api import attach, attachments_of
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import (
    SCANNED,
    Act,
    Block,
    Entry,
    Equipment,
    Ledger,
    SeveralFiles,
    computed,
    ledger,
    ledgers,
)
from anlan.engines.workflow.api import perform
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected
from anlan.shell.deadlines import moment_words

MAKE = declare_permission("base.spot_checks.make", "现场检查：填写", IN_SCHOOL).code
PHOTO, MINUTE, FRESH = "photo", timedelta(minutes=1), timedelta(minutes=30)


class Lookable(models.Model):
    """Fields of a thing that is checked: when it was, and until when it is to be again."""

    looked_at = models.DateTimeField("上次检查", null=True, blank=True, editable=False)
    look_by = models.DateField("下次检查", null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True


def unlooked() -> Q:
    """Condition: the check is overdue, or none was ever made."""
    return Q(look_by=None) | Q(look_by__lt=clock.today())


def unlooked_as(code: str, *subjects_asked: str) -> Q:
    """Condition on things of the ledger ``code``: one of the further checks is overdue, or was never made."""
    made = SpotCheck.objects.unscoped().filter(
        ledger=code, object_id=OuterRef("pk"), next_by__gte=clock.today(), archived_at=None
    )
    lacking = (~Q(Exists(made.filter(subject=subject))) for subject in subjects_asked)
    return reduce(or_, lacking)


class SpotCheck(Entry):
    """One check; ``minute`` is the moment it was made, to the minute."""

    ledger = models.CharField(max_length=60, editable=False, db_index=True)
    object_id = models.BigIntegerField(editable=False)
    thing = models.CharField("检查对象", max_length=120)
    subject = models.CharField(
        "检查种类", max_length=40, choices=subject_choices, editable=False, db_index=True
    )
    minute = models.DateTimeField("检查时间", db_index=True)
    passed = models.BooleanField("合格", default=True, db_index=True)
    scanned = models.BooleanField("扫码到场", default=False, db_index=True)
    failed = models.TextField("不合格项", blank=True)
    vital = models.BooleanField("有安全项不合格", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
    next_by = models.DateField("下次检查", null=True, editable=False)
    hazard_url = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "现场检查记录"
        indexes = [models.Index(fields=["ledger", "object_id", "minute"], name="base_spot_check_thing")]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "object_id", "minute"],
                name="base_spot_check_once",
                violation_error_message="这一分钟里已经检查过",
            )
        ]


@ledger
class SpotChecks(Ledger):
    """All checks on the spot; who was not there is marked."""

    model = SpotCheck
    readonly = True
    title, noun, area, group, order = "现场检查记录", "次", "upkeep", "检查", 10
    columns = "thing subject minute passed scanned failed created_by org"
    filters, search, sort = "org subject minute passed scanned", "thing failed note", "-minute"
    views = {"不合格": "passed=0", "未扫码": "scanned=0"}
    files = {PHOTO: "现场照片"}
    facts = "thing way subject minute passed scanned failed vital note created_by org"
    example = {"thing": "MH-001"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }

    @computed("台账")
    def way(self, row: SpotCheck) -> str:
        """The way to the thing that was checked."""
        if row.ledger not in ledgers:
            return ""
        return format_html('<a href="{}">查看被查对象</a>', ledgers[row.ledger].url_of(row.object_id))


@dataclass(frozen=True)
class Said:
    """What was found: lines that failed, when (with its zone), a note, pictures; ``scanned`` shows the presence."""

    failed: tuple[Line, ...] = ()
    at: datetime = field(default_factory=clock.now)
    note: str = ""
    photos: tuple[Any, ...] = ()
    scanned: bool = False


def scanned_lately(user: Any, record: Any) -> bool:
    """Whether the person scanned the label of this very thing a short while ago."""
    marks = AuditEntry.objects.filter(
        model=record._meta.label_lower, object_id=str(record.pk), action=SCANNED, user=user
    )
    return marks.filter(at__gte=clock.now() - FRESH).exists()


@transaction.atomic
def look(actor: Actor, owner: Any, record: Any, said: Said, subject: str = "") -> SpotCheck:
    """Write a check down, with all that follows; ``subject`` is one of the owner's, its own one by default.

    Rejected for a moment to come, one before the last check of this kind, and a second one within the same minute.
    """
    subject = subject or owner.looked_as
    minute = said.at.replace(second=0, microsecond=0)
    type(record).objects.unscoped().select_for_update().get(pk=record.pk)
    if said.at > clock.now():
        raise Rejected({"at": "检查时间不能晚于现在"})
    last = checks_of(owner, record).filter(subject=subject).first()
    if last is not None and minute < last.minute:
        raise Rejected({"at": f"检查时间不能早于上一次检查（{moment_words(last.minute)}）"})
    vital = any(line.vital for line in said.failed)
    by = clock.today() + timedelta(days=days_at(record.org, subject))
    row = SpotCheck(
        org=record.org, ledger=owner.code, object_id=record.pk, thing=f"{owner.title} {record}"[:120],
        subject=subject, minute=minute, passed=not said.failed, scanned=said.scanned, vital=vital,
        failed="\n".join(line.text for line in said.failed), note=said.note, next_by=by,
    )  # fmt: skip
    create(actor, row)
    for photo in said.photos:
        attach(actor, row, photo, PHOTO)
    if subject == owner.looked_as:
        change(actor, record, {"looked_at": minute, "look_by": by}, action="look")
    if said.failed:
        _failed(actor, owner, record, row)
    return row


def _failed(actor: Actor, owner: Any, record: Any, row: SpotCheck) -> None:
    words = row.failed.replace("\n", "；")
    if isinstance(record, Equipment):
        wanted = "stop" if row.vital else "report"
        if record.state in record.flow.moves[wanted].sources:
            perform(SYSTEM, record, wanted, {"fault": f"现场检查不合格：{words}"})
    place = str(getattr(record, "place", "") or record)[:80]
    detail = f"{owner.title} {record}（{place}）：{words}\n{row.note}".strip()
    pictures = [one for one in attachments_of(row, PHOTO) if one.is_picture]
    category = subjects[row.subject].category
    events.publish(
        Found(
            actor, row, "self", f"{record}：{words}", category, detail, place, row.minute, pictures=pictures
        )
    )


@events.on(Filed)
def link(event: Filed) -> None:
    """The check leads to the hazard made of it."""
    if isinstance(event.record, SpotCheck):
        change(event.actor, event.record, {"hazard_url": event.url}, action="raise")


def checks_of(owner: Ledger, record: Any) -> Any:
    """Checks of a thing, the latest first."""
    return SpotCheck.objects.unscoped().filter(ledger=owner.code, object_id=record.pk).order_by("-minute")


def vital_failure(record: Any, code: str) -> str:
    """Why a stopped thing may not be used yet: the last check of some kind failed in something vital; empty: it may."""
    rows = checks_of(ledgers[code], record).filter(archived_at=None)
    last: dict[str, bool] = {}
    for subject, vital in rows.values_list("subject", "vital"):
        last.setdefault(subject, vital)
    return "安全项不合格，请先复查合格" if any(last.values()) else ""


def passed_since(record: Any, code: str, moment: datetime) -> bool:
    """Whether the thing passed a check on the spot at or after a moment."""
    return bool(checks_of(ledgers[code], record).filter(passed=True, minute__gte=moment).exists())


ANSWERS = [("pass", "合格"), ("fail", "不合格"), ("none", "不适用")]


class LookForm(forms.Form):
    """The checklist of a thing."""

    lines: ClassVar[list[Line]] = []

    def failed(self) -> tuple[Line, ...]:
        """Lines that failed."""
        return tuple(line for line in self.lines if self.cleaned_data[line.key] == "fail")


def _form(code: str, record: Any, data: Any = None, files: Any = None) -> forms.Form:
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
        if getattr(row, "at_rest", False):
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
        failed = tuple(line for line in lines_at(record.org, code) if values.get(line.key) == "fail")
        scanned = scanned_lately(actor.user, record)
        said = Said(failed, values["at"], values["note"], tuple(values["photos"]), scanned)
        return look(actor, self, record, said, code).get_absolute_url()

    form = type("LookAsked", (forms.Form,), {"for_record": staticmethod(partial(_form, code))})
    look_at.act = Act(title, MAKE, form, when=_in_place, icon="clipboard-check", name=name)  # type: ignore[attr-defined]
    setattr(declaration, name, look_at)


def _in_place(record: Any) -> bool:
    return record.archived_at is None and getattr(record, "state", "") != "scrapped"

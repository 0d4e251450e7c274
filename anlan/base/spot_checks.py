"""Checks on the spot: a thing's label is scanned, its checklist answered; what fails becomes a hazard (R.32).

A ledger of things that are checked derives from :class:`Looked` (before its other base) and names the kind of
thing in ``looked_as``; its model has :class:`Lookable`. A failed thing with a life is reported, or stopped where
the line is vital, and stays so until the repair is confirmed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.db.models import Q

from anlan.base.checklists import Line, days_at, lines_at, subjects
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

    @property
    def there(self) -> bool:
        """Hook: whether there is anything to look at."""
        return True


def unlooked() -> Q:
    """Condition: the check is overdue, or none was ever made."""
    return Q(look_by=None) | Q(look_by__lt=clock.today())


class SpotCheck(Entry):
    """One check; ``minute`` is the moment it was made, to the minute."""

    ledger = models.CharField(max_length=60, editable=False, db_index=True)
    object_id = models.BigIntegerField(editable=False)
    thing = models.CharField("检查对象", max_length=120)
    subject = models.CharField(max_length=40, editable=False)
    minute = models.DateTimeField("检查时间", db_index=True)
    passed = models.BooleanField("合格", default=True, db_index=True)
    scanned = models.BooleanField("扫码到场", default=False, db_index=True)
    failed = models.TextField("不合格项", blank=True)
    vital = models.BooleanField("有安全项不合格", default=False)
    note = models.CharField("说明", max_length=300, blank=True)
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
    columns = "thing minute passed scanned failed created_by org"
    filters, search, sort = "org minute passed scanned", "thing failed note", "-minute"
    views = {"不合格": "passed=0", "未扫码": "scanned=0"}
    files = {PHOTO: "现场照片"}
    example = {"thing": "MH-001"}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }


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
def look(actor: Actor, owner: Any, record: Any, said: Said) -> SpotCheck:
    """Write a check down, with all that follows. Rejected for a moment to come, one before the last check, and
    a second one within the same minute.
    """
    minute = said.at.replace(second=0, microsecond=0)
    fresh = type(record).objects.unscoped().select_for_update().get(pk=record.pk)
    if said.at > clock.now():
        raise Rejected({"at": "检查时间不能晚于现在"})
    if fresh.looked_at and minute < fresh.looked_at:
        raise Rejected({"at": f"检查时间不能早于上一次检查（{moment_words(fresh.looked_at)}）"})
    vital = any(line.vital for line in said.failed)
    row = SpotCheck(
        org=record.org, ledger=owner.code, object_id=record.pk, thing=f"{owner.title} {record}"[:120],
        subject=owner.looked_as, minute=minute, passed=not said.failed, scanned=said.scanned, vital=vital,
        failed="\n".join(line.text for line in said.failed), note=said.note,
    )  # fmt: skip
    create(actor, row)
    for photo in said.photos:
        attach(actor, row, photo, PHOTO)
    by = clock.today() + timedelta(days=days_at(record.org, owner.looked_as))
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
    """Why a stopped thing may not be used yet: its last check failed in something vital; empty: it may."""
    last = checks_of(ledgers[code], record).first()
    return "安全项不合格，请先复查合格" if last is not None and last.vital else ""


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
    return {"checks": checks_of(owner, record).select_related("created_by")[:most], "thing": record}


class Looked(Ledger):
    """Base of ledgers whose rows are checked on the spot; a scanned label leads to the checklist."""

    looked_as: ClassVar[str] = ""
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


def _equip(declaration: type[Looked]) -> None:
    def look_at(self: Looked, actor: Actor, record: Any, values: dict[str, Any]) -> str:
        lines = lines_at(record.org, self.looked_as)
        failed = tuple(line for line in lines if values.get(line.key) == "fail")
        said = Said(
            failed, values["at"], values["note"], tuple(values["photos"]), scanned_lately(actor.user, record)
        )
        return look(actor, self, record, said).get_absolute_url()

    def looks(self: Looked, request: Any, record: Any) -> dict[str, Any]:
        return panel_of(self, record)

    form = type(
        "LookAsked", (forms.Form,), {"for_record": staticmethod(partial(_form, declaration.looked_as))}
    )
    look_at.act = Act(  # type: ignore[attr-defined]
        "现场检查", MAKE, form, when=_in_place, icon="clipboard-check", name="look_at"
    )
    looks.block = Block("现场检查", "base/spot_checks.html", "looks")  # type: ignore[attr-defined]
    declaration.look_at = look_at  # type: ignore[attr-defined]
    declaration.looks = looks  # type: ignore[attr-defined]


def _in_place(record: Any) -> bool:
    return record.archived_at is None and getattr(record, "state", "") != "scrapped" and record.there

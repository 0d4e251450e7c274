"""Safety checks of a device by the checklist of its family; what fails becomes a hazard and a repair (D02.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models, transaction

from anlan.base.found import Filed, Found
from anlan.base.vocabularies import Code, codes_of
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.editions import GRADES, Requirement
from anlan.domains.site_security.repairs import Repair, open_repair
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.files.api import attach
from anlan.engines.org.api import scope
from anlan.engines.registry.api import CheckResult, Entry, ledger_of, record_check
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

ITEMS, CHECK = "tech_check_item", "site_security.device_checks.add"
TECH, CATEGORY = "tech", "facility"
ANSWERS = [("pass", "合格"), ("fail", "不合格"), ("na", "不适用")]
IMAGE_ANSWERS = [*ANSWERS[:2], ("na", "这次没有核验")]
OTHERWISE = "能看清应看清的人和事"
RULE_CHECK = "check"


class DeviceCheck(Entry):
    """One check; ``answers`` are item (as worded then) and verdict, in order; ``images`` verdicts by code of the
    item of those about images, judged against ``grade``.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="checks", verbose_name="设备")
    day = models.DateField("检查日期", db_index=True)
    checker = models.CharField("检查人", max_length=40)
    passed = models.BooleanField("合格", db_index=True)
    answers = models.JSONField("逐项结论", default=list)
    grade = models.CharField("图像等级要求", max_length=20, blank=True, choices=GRADES)
    images = models.JSONField("图像逐项结论", default=dict, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    hazard_url = models.CharField("隐患", max_length=120, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "技防设备检查"

    def __str__(self) -> str:
        return f"{self.device} {self.day:%Y-%m-%d} 检查"

    @property
    def failed(self) -> list[str]:
        """Words of the items that failed."""
        return [words for words, verdict in self.answers if verdict == "fail"]


def items_of(device: Device) -> list[Code]:
    """The checklist of a device: items of its family, and those of every family; images are asked of cameras."""
    found = [item for item in codes_of(ITEMS) if item.extra.get("family", "") in ("", device.family)]
    return [item for item in found if device.is_camera or not item.extra.get("image")]


def grade_of(device: Device) -> str:
    """The grade of image that the requirements ask at the device's place, the strictest; empty for none."""
    if device.place is None or not device.is_camera:
        return ""
    rows = Requirement.objects.unscoped().filter(kind=device.place.kind_id, measure="video", archived_at=None)
    asked = set(rows.exclude(grade="").values_list("grade", flat=True))
    return next((code for code, _ in reversed(GRADES) if code in asked), "")


def worded(item: Code, grade: str) -> str:
    """The item in words; one about images says what they must show."""
    return f"{item.name}：{dict(GRADES).get(grade, OTHERWISE)}" if item.extra.get("image") else item.name


def checkable(device: Device) -> bool:
    """A device out of use is not checked."""
    return device.archived_at is None and device.condition != Condition.WITHDRAWN


class CheckForm(forms.Form):
    """The checklist of one device."""

    @classmethod
    def for_record(cls, record: Device, *sent: Any) -> "CheckForm":
        """An answer to every item, words and pictures."""
        form, grade = cls(*sent), grade_of(record)
        for item in items_of(record):
            form.fields[item.code] = forms.ChoiceField(
                label=worded(item, grade),
                choices=IMAGE_ANSWERS if item.extra.get("image") else ANSWERS,
                widget=forms.RadioSelect(),
                required=True,
            )
        form.fields["note"] = forms.CharField(
            label="说明", max_length=300, required=False, widget=forms.Textarea()
        )
        form.fields["photo"] = forms.FileField(label="样图、照片", required=False)
        return form


@transaction.atomic
def check_device(
    actor: Actor, device: Device, said: Mapping[str, str], note: str = "", photos: Sequence[Any] = ()
) -> DeviceCheck:
    """Store a check. Forbidden without the right, Conflict for a device out of use, Rejected for gaps.

    A camera passes only with a sample picture, and is not checked by who keeps or mended it (N1.10, N1.11).
    """
    if actor.user is None or not scope(actor.user, CHECK).covers(device.org.path):
        raise Forbidden(CHECK)
    if not checkable(device):
        raise Conflict("设备已退出使用，不能检查")
    items = items_of(device)
    if faults := _faults(actor, device, items, said, photos):
        raise Rejected(faults)
    grade = grade_of(device)
    answers = [(worded(item, grade), said[item.code]) for item in items]
    passed = all(verdict != "fail" for _, verdict in answers)
    row = DeviceCheck(org=device.org, device=device, day=clock.today(), checker=actor.name, passed=passed)
    row.answers, row.note, row.grade = answers, note.strip(), grade
    row.images = {item.code: said[item.code] for item in items if item.extra.get("image")}
    check = create(actor, row)
    for photo in photos:
        attach(actor, check, photo, "photo")
    _count(actor, device, check)
    if not passed:
        _raise(actor, device, check)
    return check


def _faults(
    actor: Actor, device: Device, items: list[Code], said: Mapping[str, str], photos: Sequence[Any]
) -> dict[str, str]:
    verdicts = dict(ANSWERS)
    faults = {item.code: "请选择" for item in items if said.get(item.code) not in verdicts}
    if faults or not device.is_camera:
        return faults
    kept = device.keeper is not None and device.keeper.account_id == actor.user.pk
    if kept or steps_of(device).filter(move="finish", user=actor.user).exists():
        return {"": "管理或维修这台摄像机的人不能核验它的图像"}
    whole = all(said[item.code] != "fail" for item in items)
    return {"photo": "图像合格要附样图"} if whole and not photos else {}


def _count(actor: Actor, device: Device, check: DeviceCheck) -> None:
    """The check counts for the cycle of the device, once a day; a device that failed is reported for repair."""
    ledger: Any = ledger_of(Device)
    known = {"ledger": ledger.code, "object_id": device.pk, "check_code": RULE_CHECK, "day": check.day}
    words = "；".join(check.failed)[:300]
    if device.next_on is not None and not CheckResult.objects.unscoped().filter(**known).exists():
        values = {"check_code": RULE_CHECK, "day": check.day, "passed": check.passed, "note": words}
        record_check(actor, ledger, device, values)
    elif not check.passed and device.state == "in_use":
        perform(SYSTEM, device, "report", {"fault": words})
    order = None if check.passed else open_repair(device)
    if order is not None and order.found_by == Repair.FoundBy.MACHINE:
        change(actor, order, {"found_by": Repair.FoundBy.CHECK}, action="found")


def _raise(actor: Actor, device: Device, check: DeviceCheck) -> None:
    detail = "；".join(check.failed) + (f"\n{check.note}" if check.note else "")
    title = f"{device} 检查不合格"
    events.publish(Found(actor, check, TECH, title, CATEGORY, detail, device.stands_at))


@events.on(Filed)
def link(event: Filed) -> None:
    """The check leads to the hazard made of it."""
    if isinstance(event.record, DeviceCheck):
        change(event.actor, event.record, {"hazard_url": event.url}, action="raise")

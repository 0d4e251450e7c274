"""Who came in and went out: told by entrance control, or written down by hand where there is none (N1.13)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.device_signals import Signal, declare_signal
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.alarms.passes import ENTERING, Pass, PersonClass
from anlan.engines.audit.api import create
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.registry.api import Entry, Ledger, computed, ledger
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

GUARDING = "alarms.passings.add"
KEEPING = "guard school_safety school_head"
ALERT_EVERY = 600  # seconds; the same card at the same gate alerts once within them
declare_event(
    "alarms.refused",
    "incident",
    "{place}拒绝通行：{why}",
    "{time} 卡号 {card}，{why}。请到现场核实身份。",
    channels="wechat",
    urgent=True,
)


class Passing(Entry):
    """One person through one entrance, or turned away there (``why``)."""

    DIRECTIONS = [("in", "进"), ("out", "出")]

    person_class = models.CharField("人员类别", max_length=8, choices=PersonClass.choices, db_index=True)
    person = models.CharField("姓名", max_length=40, blank=True)
    direction = models.CharField("方向", max_length=3, choices=DIRECTIONS, default="in", db_index=True)
    place = models.CharField("出入口", max_length=120)
    at = models.DateTimeField("时间", default=clock.now, db_index=True)
    reason = models.CharField("事由", max_length=120, blank=True)
    card = models.CharField("卡号或识别号", max_length=40, blank=True, editable=False)
    refused = models.BooleanField("拒绝通行", default=False, editable=False, db_index=True)
    why = models.CharField("拒绝原因", max_length=60, blank=True, editable=False)
    manual = models.BooleanField("手工登记", default=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "出入记录"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_person_class_display()} {self.at.astimezone(clock.zone()):%m-%d %H:%M}"

    def clean(self) -> None:
        """Nobody passes in time to come."""
        if self.at > clock.now():
            raise ValidationError({"at": "时间不能晚于现在"})


@ledger
class Passings(Ledger):
    """Entries and exits, and who was turned away."""

    code = "alarms.passings"
    model = Passing
    title, noun, icon = "出入记录", "人次", "login"
    area, group, order = "safety", "报警与出入", 340
    columns = "what person direction place at outcome way org"
    filters = "org person_class direction refused manual at"
    search = "place card person reason"
    form = "org person_class person direction place at reason"
    masked = {"person": "name"}
    personal = {"person": ENTERING}
    photos, sort = "", "-at"
    views = {"拒绝通行": "refused=1", "访客": "person_class=visitor", "手工登记": "manual=1"}
    example = {
        "person_class": "visitor",
        "person": "示例访客",
        "place": "大门",
        "at": "2026-09-04T08:00:00+08:00",
    }
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "guard")),
        "add": KEEPING,
        "export": "bureau_safety school_safety school_head",
        "unmask": KEEPING,
    }

    @computed("人员", sort="person_class")
    def what(self, row: Passing) -> str:
        """The class of the person."""
        return str(row.get_person_class_display())

    @computed("结果", "chip", sort="refused")
    def outcome(self, row: Passing) -> tuple[str, str]:
        """Let through, or not and why."""
        return ("late", f"拒绝：{row.why}") if row.refused else ("done", "通过")

    @computed("方式")
    def way(self, row: Passing) -> str:
        """By a device or by hand."""
        return "手工登记" if row.manual else "设备"


def take_passing(signal: Signal) -> str:
    """Somebody is at the entrance; the answer lets the gate open or not.

    Cards are looked up; an intercom without one reports whether the person inside let the visitor in.
    """
    device, data = signal.device, signal.data
    direction, card = str(data.get("direction", "in")), str(data.get("card", ""))[:40]
    if direction not in dict(Passing.DIRECTIONS) or not (card or device.family == "intercom"):
        raise Rejected({"": "没有说明方向或卡号"})
    unit = device.record.org
    found = Pass.objects.unscoped().filter(org=unit, card=card, archived_at=None).first() if card else None
    if card:
        why = "卡号未登记" if found is None else "通行卡已过期" if found.expired else ""
        known = found.person_class if found else PersonClass.UNKNOWN
    else:
        why, known = "" if data.get("admitted") is True else "未获准进入", PersonClass.VISITOR
    person = found.holder if found else str(data.get("person", ""))[:40]
    row = Passing(
        org=unit, person_class=known, person=person, direction=direction, place=device.where or device.title,
        at=signal.at, card=card, refused=bool(why), why=why, manual=False,
    )  # fmt: skip
    create(signal.actor, row)
    if card and why:
        _alert(row, device.code)
    return f"refuse:{why}" if why else "open"


def _alert(row: Any, device: str) -> None:
    """Tell the guards of the school, for each card and gate once within some minutes."""
    span = int(row.at.timestamp()) // ALERT_EVERY
    said = {
        "place": row.place,
        "why": row.why,
        "card": row.card,
        "time": f"{row.at.astimezone(clock.zone()):%H:%M:%S}",
    }
    key = f"refused:{row.org_id}:{device}:{row.card}:{span}"
    send("alarms.refused", holders_at([row.org], GUARDING), row, key=key, context=said)


declare_signal("passing", "通行", take_passing, "access intercom")

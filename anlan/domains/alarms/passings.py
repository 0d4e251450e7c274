"""Who came in and went out: told by entrance control, or written down by hand where there is none (N1.13, N2.02)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.device_signals import Signal, declare_signal
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.alarms.entrances import Entrance, entrance_at
from anlan.domains.alarms.passes import ENTERING, Pass, PersonClass
from anlan.engines.audit.api import Written, create
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.registry.api import Entry, Ledger, computed, ledger
from anlan.kernel import clock, events
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
declare_event(
    "alarms.outside",
    "incident",
    "{entrance}在开放时间外有人通行",
    "{time} {who}通行，{why}。当天这个出入口的其他时间外通行不再逐次提醒，可在出入口页面查看。",
    channels="wechat",
)


class Passing(Entry):
    """One person through one entrance, or turned away there (``why``)."""

    DIRECTIONS = [("in", "进"), ("out", "出")]

    person_class = models.CharField("人员类别", max_length=8, choices=PersonClass.choices, db_index=True)
    person = models.CharField("姓名", max_length=40, blank=True)
    direction = models.CharField("方向", max_length=3, choices=DIRECTIONS, default="in", db_index=True)
    entrance = models.ForeignKey(
        Entrance, models.PROTECT, null=True, blank=True, related_name="passings", verbose_name="出入口"
    )
    place = models.CharField("位置", max_length=120, blank=True, help_text="没有登记的出入口写在这里")
    at = models.DateTimeField("时间", default=clock.now, db_index=True)
    reason = models.CharField("事由", max_length=120, blank=True)
    card = models.CharField("卡号或识别号", max_length=40, blank=True, editable=False)
    refused = models.BooleanField("拒绝通行", default=False, editable=False, db_index=True)
    why = models.CharField("拒绝原因", max_length=60, blank=True, editable=False)
    manual = models.BooleanField("手工登记", default=True, editable=False, db_index=True)
    outside = models.BooleanField("开放时间外", default=False, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "出入记录"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_person_class_display()} {self.at.astimezone(clock.zone()):%m-%d %H:%M}"

    def clean(self) -> None:
        """Nobody passes in time to come, or nowhere; what the entrance says of the moment goes into the row."""
        if self.at > clock.now():
            raise ValidationError({"at": "时间不能晚于现在"})
        if self.entrance and self.entrance.org_id != self.org_id:
            raise ValidationError({"entrance": "只能选本校的出入口"})
        if not (self.entrance or self.place.strip()):
            raise ValidationError({"place": "请选择出入口，或写明位置"})
        self.entrance = self.entrance or entrance_at(self.org, self.place)
        self.place = self.place or str(self.entrance)
        if self.entrance and not self.refused:
            self.outside = not self.entrance.open_to(self.person_class, self.at)


@ledger
class Passings(Ledger):
    """Entries and exits, and who was turned away."""

    code = "alarms.passings"
    model = Passing
    title, noun, icon = "出入记录", "人次", "login"
    area, group, order = "safety", "报警与出入", 340
    columns = "what person direction place at outcome org"
    filters = "org entrance person_class direction refused manual outside at"
    search = "place card person reason"
    form = "org person_class person direction entrance place at reason"
    masked = {"person": "name"}
    personal = {"person": ENTERING}
    photos, sort = "", "-at"
    views = {
        "拒绝通行": "refused=1", "开放时间外": "outside=1", "访客": "person_class=visitor", "手工登记": "manual=1",
    }  # fmt: skip
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
        """Let through, or not and why; by hand where no device said so."""
        if row.refused:
            return "late", f"拒绝：{row.why}"
        if row.outside:
            return "late", "开放时间外通过"
        return "done", "通过（手工登记）" if row.manual else "通过"


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
    entrance, place = entrance_at(unit, device.zone, device.where), device.where or device.title
    row = Passing(
        entrance=entrance, org=unit, person_class=known, person=person, direction=direction, place=place,
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


@events.on(Written)
def tell_of_passing_outside_hours(event: Written) -> None:
    """One notice for each entrance and day."""
    row = event.record
    if not isinstance(row, Passing) or event.action != "create" or not row.outside or row.entrance is None:
        return
    local = row.at.astimezone(clock.zone())
    why = "这个出入口已停用" if row.entrance.closed_on else "不在开放时间内，也没有例外放行"
    said = {
        "entrance": row.entrance, "time": f"{local:%m-%d %H:%M}", "who": row.get_person_class_display(), "why": why,
    }  # fmt: skip
    key = f"outside:{row.entrance.pk}:{local:%Y%m%d}"
    send("alarms.outside", holders_at([row.org], GUARDING), row.entrance, key=key, context=said)


declare_signal("passing", "通行", take_passing, "access intercom")

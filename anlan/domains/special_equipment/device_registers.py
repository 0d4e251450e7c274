"""The ledger of special equipment; kinds, cycles and items are data (D16.1, D16.2, D16.5)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from anlan.base.found import Found
from anlan.base.looked import Looked
from anlan.base.person_lists import person_list
from anlan.base.roles import IN_SCHOOL, KEPT_BY_SCHOOL
from anlan.base.spot_checks import unlooked, unlooked_as
from anlan.domains.special_equipment.devices import CODE, DAILY, MONTHLY, WEEKLY, Device
from anlan.domains.special_equipment.items import NEEDING, holding
from anlan.domains.special_equipment.mishap_reports import REPORT, MishapForm, report
from anlan.domains.special_equipment.mishaps import FAULT, Mishap, unsettled
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import IN_USE, Checked, Inventory, act, computed, ledger
from anlan.kernel import clock, events


def in_place(device: Device) -> bool:
    """Still there, in use or not."""
    return device.archived_at is None and device.state != "scrapped"


def unmanned() -> Q:
    """Condition: in use, an operator is required, and nobody with a valid certificate runs it."""
    through = Device.operators.through.objects.filter(device=OuterRef("pk"))
    return IN_USE & Q(kind__in=NEEDING) & ~Q(Exists(through.filter(holding("operator__"))))


def unkept() -> Q:
    """Condition: in use and its maintenance was missed."""
    return IN_USE & Q(upkeep_by__lt=clock.today())


def inspectable() -> Q:
    """Condition: in use, and an inspection is laid down for it (or nobody said since when it is there)."""
    return IN_USE & ~Q(next_on=None, installed_on__isnull=False)


def troubled() -> Q:
    """Condition: an entrapment or accident has no outcome yet."""
    grave = Mishap.objects.unscoped().filter(unsettled(), device=OuterRef("pk"), archived_at=None)
    return Q(Exists(grave.exclude(kind=FAULT)))


@ledger
class Devices(Looked, Inventory):
    """Special equipment."""

    code = CODE
    looked_as, also_looked = DAILY, f"{WEEKLY} {MONTHLY}"
    model = Device
    title, noun, area, group, order = "特种设备台账", "台", "upkeep", "特种设备", 300
    columns = "code kind place org state next_on validity upkept looked"
    facts = "code kind place org state next_check next_on upkept looked certificate maker keeper installed_on"
    filters, search, key = "org kind state next_on installed_on", "code place certificate maker", "code"
    form = "org code kind certificate maker place installed_on keeper"
    cycle = "special_equipment.device.{kind} installed_on"
    files = {"plate": "铭牌照片", "papers": "技术资料"}
    marks = {
        "unregistered": lambda: Q(certificate="", state="in_use"),
        "unmanned": unmanned,
        "unkept": unkept,
        "unlooked": lambda: IN_USE & unlooked(),
        "unlooked_on": lambda: IN_USE & unlooked_as(CODE, WEEKLY, MONTHLY),
        "used": lambda: IN_USE,
        "inspectable": inspectable,
        "inspected": lambda: IN_USE & Q(next_on__gte=clock.today()),
        "expired": lambda: IN_USE & Q(next_on__lt=clock.today()),
        "rhythmic": lambda: IN_USE & Q(upkeep_by__isnull=False),
        "kept": lambda: IN_USE & Q(upkeep_by__gte=clock.today()),
        "broken": lambda: Q(state__in=("reported", "repairing", "repaired")),
        "troubled": troubled,
        "undated": lambda: Q(installed_on=None),
    }
    views = {
        "在用未登记": "unregistered=1",
        "无持证操作人员": "unmanned=1",
        "维保超期": "unkept=1",
        "日检查超期": "unlooked=1",
        "周、月检查超期": "unlooked_on=1",
        "停用": "state=stopped",
    }
    example = {"code": "31103505820001", "kind": "lift", "place": "综合楼", "installed_on": "2024-02-29"}
    life = "school_safety school_head"
    whose = "keeper"
    roles = KEPT_BY_SCHOOL | {"view": " ".join((KEPT_BY_SCHOOL["view"], *IN_SCHOOL[3:]))}

    @act("报告故障、困人、事故", REPORT, form=MishapForm, icon="alert-triangle", when=in_place)
    def report_mishap(self, actor: Actor, record: Device, values: dict[str, Any]) -> str:
        """Something went wrong with it."""
        return report(actor, record, values).get_absolute_url()

    @computed("维保", "chip")
    def upkept(self, row: Any) -> tuple[str, str] | None:
        """In time, or how many days late."""
        if row.upkeep_by is None or row.at_rest:
            return None
        late = (clock.today() - row.upkeep_by).days
        return ("late", f"超期 {late} 天") if late > 0 else ("done", f"{row.upkeep_by:%m-%d} 前")


@events.on(Checked)
def raise_unqualified(event: Checked) -> None:
    """Handler: an unqualified conclusion goes into the register of hazards."""
    if isinstance(event.record, Device) and not event.result.passed:
        title = f"{event.record} {event.result.title}不合格"
        detail = (
            f"{event.record.get_kind_display()} {event.record}（{event.record.place}）：{event.result.note}"
        )
        key = f"check{event.result.pk}"
        events.publish(
            Found(event.actor, event.record, "tech", title, "facility", detail, event.record.place, key=key)
        )


archives("special_equipment.devices", "equipment", parts="mishaps visits")
person_list("charge", CODE)

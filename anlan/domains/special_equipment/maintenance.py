"""Maintenance of special equipment: visits, and the school's confirmation that makes a visit count (D16.3)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.special_equipment.devices import Device
from anlan.domains.special_equipment.firms import Firm
from anlan.domains.special_equipment.rhythm import settle
from anlan.engines.audit.api import Actor, change
from anlan.engines.registry.api import Entry, Ledger, act, ledger
from anlan.kernel import clock


class Visit(Entry):
    """A visit of the maintenance firm; it counts once the school has confirmed it."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="visits", verbose_name="设备")
    day = models.DateField("日期", db_index=True)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="visits", verbose_name="维保单位")
    worker = models.CharField("维保人员", max_length=40, blank=True)
    items = models.CharField("维保内容", max_length=200)
    fine = models.BooleanField("正常", default=True)
    confirmed_at = models.DateTimeField("学校确认时间", null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="确认人",
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "维护保养记录"

    def clean(self) -> None:
        """No visit lies ahead, nor after the firm's qualification has run out."""
        if self.day and self.day > clock.today():
            raise ValidationError({"day": "日期不能晚于今天"})
        until = self.firm.valid_to if self.firm_id else None
        if self.day and until and self.day > until:
            raise ValidationError({"firm": f"这家单位的资质已于 {until} 到期"})


@ledger
class Visits(Ledger):
    """Visits of maintenance firms."""

    model = Visit
    title, noun, area, group, order = "维护保养记录", "次", "upkeep", "特种设备", 320
    columns = "device day firm worker items fine confirmed_at confirmed_by org"
    filters, search, sort = "org device day fine", "firm__name items worker", "-day"
    form = "org device day firm worker items fine"
    key, files = "org device day", {"sheet": "维保单（双方签字）"}
    marks = {"unconfirmed": lambda: models.Q(confirmed_at=None)}
    views = {"待学校确认": "unconfirmed=1"}
    example = {"day": "2026-10-08", "items": "半月保养"}
    roles = KEPT_BY_SCHOOL

    def locked(self, record: Any, verb: str) -> str:
        """What both sides have signed is not altered."""
        return "学校已确认，不能再改" if record.confirmed_at else ""

    @act(
        "确认维保", "special_equipment.visits.edit", icon="check", kind="primary",
        when=lambda row: row.confirmed_at is None and row.archived_at is None,
        effect="确认后这次维保才计入周期，记录不能再改",
    )  # fmt: skip
    def confirm(self, actor: Actor, record: Visit, values: dict[str, Any]) -> str:
        """The school confirms; the next one is due from this day on."""
        said = {"confirmed_at": clock.now(), "confirmed_by": actor.user}
        change(actor, record, said, action="confirm", expect=models.Q(confirmed_at=None))
        settle(record.device)
        return ""

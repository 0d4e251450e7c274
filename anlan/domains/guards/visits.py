"""Visitors and deliveries as the gate writes them down; leaving is written once (D15.4)."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Entry, Ledger, Personal, act, ledger
from anlan.kernel import clock
from anlan.kernel.identifiers import normal_mobile, telephone_fault

GATE, HEADS = "guard school_safety school_head school_contact", "school_safety school_head"
LET_OUT = declare_permission("guards.visits.let_out", "来访登记：登记离开", tuple(GATE.split())).code
COMING = Personal(
    "校门来访登记", "履行法定职责所必需（个人信息保护法第十三条）", "登记后两年", since="came_at", years=2
)


class Visit(Entry):
    """Somebody who came to the gate, or brought something; ``left_at`` is empty while he is inside."""

    KINDS = [("visitor", "来访"), ("delivery", "送货快递")]

    kind = models.CharField("类别", max_length=8, choices=KINDS, default="visitor", db_index=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机号", max_length=20, blank=True)
    sender = models.CharField("单位", max_length=60, blank=True)
    purpose = models.CharField("事由或物品", max_length=100)
    host = models.CharField("受访人或收件人", max_length=40)
    plate = models.CharField("车牌号", max_length=12, blank=True)
    came_at = models.DateTimeField("到达时间", default=clock.now, db_index=True)
    left_at = models.DateTimeField("离开时间", null=True, blank=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "来访登记"
        ordering = ["-came_at"]

    def clean(self) -> None:
        """A number that can be, and nobody who has not come yet."""
        self.phone = normal_mobile(self.phone)
        faults: dict[str, str] = {}
        if self.phone and (fault := telephone_fault(self.phone)):
            faults["phone"] = fault
        if self.came_at and self.came_at > clock.now() + timedelta(minutes=5):
            faults["came_at"] = "到达时间不能晚于现在"
        if faults:
            raise ValidationError(faults)


def is_inside(visit: Visit) -> bool:
    """Has not left."""
    return visit.left_at is None and visit.archived_at is None


@ledger
class Visits(Ledger):
    """Who came to the gate, and who is still inside."""

    model = Visit
    title, noun, area, group, order = "来访与送货登记", "次", "upkeep", "保安", 618
    columns = "name kind purpose host came_at left_at plate sender phone org"
    filters, search, sort = "org kind came_at", "name host purpose plate sender", "-came_at"
    form = "org kind name phone sender purpose host plate came_at"
    masked, personal = {"phone": "phone"}, dict.fromkeys(("name", "phone", "plate", "host"), COMING)
    files, photos = {"photo": "照片"}, ""
    views = {"还在校内": "inside=1", "今天": "today=1"}
    marks = {"inside": lambda: Q(left_at=None), "today": lambda: Q(came_at__date=clock.today())}
    happenings = {"let_out": "离开"}
    example = {
        "name": "示例访客",
        "purpose": "家长约谈",
        "host": "一年级办公室",
        "came_at": "2026-09-08T10:00:00+08:00",
    }
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL, "guard")),
        **dict.fromkeys(("add", "edit"), GATE),
        **dict.fromkeys(("archive", "import", "export", "unmask"), HEADS),
    }

    @act("登记离开", LET_OUT, icon="logout", kind="primary", when=is_inside, effect="记下现在的时间")
    def let_out(self, actor: Actor, record: Visit, values: dict[str, Any]) -> None:
        """The person leaves; once."""
        change(actor, record, {"left_at": clock.now()}, action="let_out", expect=Q(left_at=None))

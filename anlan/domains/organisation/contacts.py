"""Emergency contacts of a school: school, police, fire, hospital, street, bureau; each with its last check (S05.5)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.roles import ABOVE, AT_SCHOOL, IN_SCHOOL
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Ledger, Personal, act, computed, ledger
from anlan.kernel import clock
from anlan.kernel.identifiers import telephone_fault

KINDS = [
    ("school", "学校"),
    ("police", "公安派出所"),
    ("fire", "消防救援"),
    ("hospital", "医院"),
    ("street", "镇街"),
    ("bureau", "教育局"),
    ("other", "其他"),
]
KEEPERS = "school_head school_safety"
WHY = Personal("突发事件联络", "中小学幼儿园安全管理办法", "更换后删除")


class Contact(Record):
    """Whom the school calls; ``checked_on`` is when somebody last made sure the number is right."""

    kind = models.CharField("类别", max_length=10, choices=KINDS, db_index=True)
    name = models.CharField("单位或姓名", max_length=60)
    duty = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20)
    checked_on = models.DateField("核对日期", default=clock.today, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "应急联系人"
        ordering = ["org__path", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "name", "phone"],
                name="organisation_contact_once",
                condition=Q(archived_at=None),
                violation_error_message="通讯录里已有这个联系人",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a number nobody can dial and a check in the future."""
        faults = {}
        if fault := telephone_fault(self.phone):
            faults["phone"] = fault
        if self.checked_on > clock.today():
            faults["checked_on"] = "核对日期不能晚于今天"
        if faults:
            raise ValidationError(faults)


def stale_since() -> Any:
    """Contacts last checked before this day need another look."""
    return clock.today() - timedelta(days=settings.CONTACT_DAYS)


@ledger
class Contacts(Ledger):
    """The emergency contact list, reachable on the phone."""

    code = "organisation.contacts"
    model = Contact
    title, noun, icon = "应急通讯录", "人", "phone-call"
    area, group, order = "safety", "组织", 390
    columns = "name kind phone org checked_on fresh"
    filters = "org kind checked_on"
    search = "name duty phone org__name"
    key = "org kind name"
    form = "org kind name duty phone checked_on"
    sort = "org__path"
    example = {"kind": "police", "name": "某派出所", "phone": "110"}
    personal = {"name": WHY, "phone": WHY}
    views = {"待核对": "stale=1"}
    marks = {"stale": lambda: Q(checked_on__lt=stale_since())}
    happenings = {"check": "核对"}
    roles = {
        "view": (*ABOVE, *IN_SCHOOL),
        **dict.fromkeys(("add", "edit", "archive", "import"), KEEPERS),
        "export": (*ABOVE, *AT_SCHOOL),
    }

    @computed("核对情况", "chip")
    def fresh(self, row: Contact) -> tuple[str, str]:
        """Checked within a term, or not."""
        return ("late", "超过一学期未核对") if row.checked_on < stale_since() else ("done", "已核对")

    @act("核对无误", "organisation.contacts.edit", icon="check", effect="电话确认无误，核对日期改为今天")
    def check(self, actor: Actor, record: Contact, values: dict[str, Any]) -> None:
        """The number was tried and is right."""
        change(actor, record, {"checked_on": clock.today()}, action="check")

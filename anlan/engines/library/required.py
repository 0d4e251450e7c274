"""Required reading: who has to read a document by when, receipts, urging (D05.6)."""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change, create_all
from anlan.engines.library.documents import Document
from anlan.engines.messaging.api import declare_event, send, urge
from anlan.engines.org.api import (
    Grant,
    OrgUnit,
    Record,
    RoleCodes,
    below,
    declare_permission,
    require,
    scope,
)
from anlan.engines.tasks.api import Todo, close_todos, open_todos
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected

ISSUE = declare_permission("library.required.issue", "下发必读文件", ("bureau_safety", "school_safety")).code
CONFIRM = declare_permission(
    "library.receipts.confirm.own",
    "确认已读（本人）",
    (
        "bureau_safety",
        "bureau_leader",
        "team_admin",
        "inspector",
        "hazard_raiser",
        "township_officer",
        "school_head",
        "school_safety",
        "school_contact",
        "staff",
        "guard",
        "canteen_manager",
        "dorm_keeper",
    ),
).code
declare_event(
    "library.required", "notice", "必读：{title}", "{sender}请您在 {due} 前阅读并确认。", channels="wechat"
)


class Required(Record):
    """A document that people of some duties at or below some units have to read until a day."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="required", verbose_name="文件")
    units = models.ManyToManyField(
        OrgUnit, related_name="+", verbose_name="发给哪些单位", help_text="包括所选单位的全部下级"
    )
    roles = RoleCodes("哪些人读")
    due_on = models.DateField("读完期限", db_index=True)
    note = models.CharField("要求", max_length=200, blank=True)
    state = models.CharField(
        "状态",
        max_length=6,
        default="draft",
        editable=False,
        choices=[("draft", "待下发"), ("sent", "已下发"), ("ended", "已结束")],
    )
    sent_at = models.DateTimeField("下发时间", null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "必读安排"

    def __str__(self) -> str:
        return f"必读：{self.document}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/library/required/{self.pk}/"

    def clean(self) -> None:
        """A day that lies ahead, as long as nothing was sent."""
        if self.state == "draft" and self.due_on and self.due_on < clock.today():
            raise ValidationError({"due_on": "期限不能早于今天"})

    @property
    def due_at(self) -> datetime:
        """The end of the last day."""
        return datetime.combine(self.due_on, time(23, 59, 59), clock.zone())


class Receipt(Record):
    """What one person of the unit ``org`` has to read; ``done_at`` when it was confirmed."""

    OWNER = "reader"

    required = models.ForeignKey(Required, models.PROTECT, related_name="receipts", verbose_name="必读安排")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅读人"
    )
    done = models.BooleanField("已确认", default=False, editable=False)
    done_at = models.DateTimeField("确认时间", null=True, blank=True, editable=False)
    late = models.BooleanField("逾期确认", default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = "阅读回执"
        constraints = [models.UniqueConstraint(fields=["required", "reader"], name="library_receipt_once")]
        indexes = [models.Index(fields=["required", "done"], name="library_receipt_done")]

    def __str__(self) -> str:
        return f"{self.required} · {self.reader}"

    def get_absolute_url(self) -> str:
        """The reader's page."""
        return f"/library/receipts/{self.pk}/"


def readers_of(required: Required) -> dict[int, Any]:
    """Grants of the people it is for, one per person."""
    units = list(required.units.all())
    grants = Grant.in_force().filter(
        below([unit.path for unit in units], "unit"),
        role__code__in=required.roles,
        unit__closed_on=None,
        user__is_active=True,
    )
    return {grant.user_id: grant for grant in grants.select_related("unit", "user").order_by("-pk")}


def _may_issue(actor: Actor, required: Required) -> None:
    found = require(actor.user, ISSUE)
    if not found.covers(required.org.path):
        raise Forbidden(ISSUE)
    if not all(found.covers(unit.path) for unit in required.units.all()):
        raise Rejected({"units": "含有不在您管理范围内的单位"})


@transaction.atomic
def issue(actor: Actor, required: Required) -> int:
    """Put it on everybody's desk; how many people. Rejected where it is for nobody."""
    _may_issue(actor, required)
    people = readers_of(required)
    if not people:
        raise Rejected({"": "所选单位里没有这些岗位的人员"})
    if required.document.force == "draft":
        raise Conflict("草稿不能列为必读，请先改为现行有效")
    change(
        actor, required, {"state": "sent", "sent_at": clock.now()}, action="issue", expect=Q(state="draft")
    )
    made = create_all(
        actor,
        [Receipt(org=grant.unit, required=required, reader=grant.user) for grant in people.values()],
        action="deliver",
    )
    open_todos(_todo(required, row) for row in made)
    context = {
        "title": required.document.title,
        "sender": required.org.name,
        "due": f"{required.due_on:%m 月 %d 日}",
    }
    send(
        "library.required",
        [row.reader for row in made],
        required,
        url=f"{MINE}?required={required.pk}",
        context=context,
    )
    return len(made)


MINE = "/library/receipts/"


def _todo(required: Required, row: Receipt) -> Todo:
    return Todo(
        kind="library.receipts",
        title=f"阅读：{required.document.title}"[:200],
        verb="阅读",
        url=row.get_absolute_url(),
        model=row._meta.label_lower,
        object_id=row.pk,
        org=row.org,
        user=row.reader,
        due_at=required.due_at,
    )


@transaction.atomic
def confirm(actor: Actor, receipt: Receipt) -> Receipt:
    """The reader says it is read; Conflict the second time."""
    if actor.user is None or receipt.reader_id != actor.user.pk:
        raise Forbidden(CONFIRM)
    now = clock.now()
    values = {"done": True, "done_at": now, "late": now > receipt.required.due_at}
    change(actor, receipt, values, action="confirm", expect=Q(done=False))
    close_todos(receipt, actor.user)
    return receipt


def urge_readers(actor: Actor, required: Required) -> int:
    """Remind those who have not confirmed; how many. Conflict within the limit."""
    _may_issue(actor, required)
    rows = Receipt.objects.unscoped().filter(required=required, done=False, archived_at=None)
    people = [row.reader for row in rows.select_related("reader")]
    urge(actor, required, people, url=f"{MINE}?required={required.pk}", note="请尽快阅读并确认。")
    return len(people)


@transaction.atomic
def end(actor: Actor, required: Required) -> Required:
    """No more asked for; what is open leaves the desks."""
    if not scope(actor.user, ISSUE).covers(required.org.path):
        raise Forbidden(ISSUE)
    change(actor, required, {"state": "ended"}, action="end", expect=Q(state="sent"))
    for row in Receipt.objects.unscoped().filter(required=required, done=False):
        close_todos(row, actor.user)
    return required

"""Control of food safety in three steps, each drawing on the one before and signed by another person (S09.7)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from anlan.domains.canteen.canteens import Canteen, in_use
from anlan.domains.canteen.meals import lay_out, serves
from anlan.engines.audit.api import SYSTEM, Actor, change, create_all
from anlan.engines.org.api import declare_permission
from anlan.engines.output.api import Signed, content_digest, sign
from anlan.engines.tasks.api import Job, Todo, background, close_todos, declare_periodic, open_todos
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

LEVELS = [("day", "日管控"), ("week", "周排查"), ("month", "月调度")]
CAPACITY = {"day": "食品安全员", "week": "食品安全总监", "month": "主要负责人"}
RIGHTS = {
    "day": declare_permission("canteen.controls.sign_day", "日管控：填写签字", ("canteen_manager",)).code,
    "week": declare_permission("canteen.controls.sign_week", "周排查：填写签字", ("school_safety",)).code,
    "month": declare_permission("canteen.controls.sign_month", "月调度：填写签字", ("school_head",)).code,
}
STEP = "canteen.control"


@dataclass(frozen=True)
class Said:
    """What a step found; "no risk" is said too."""

    safe: bool
    findings: str = ""
    measures: str = ""


class Control(Signed):
    """One step for one canteen: a day, a week (Monday to Sunday) or a month; due at its end."""

    canteen = models.ForeignKey(Canteen, models.PROTECT, related_name="controls", verbose_name="食堂")
    level = models.CharField("步骤", max_length=6, choices=LEVELS, db_index=True)
    first = models.DateField("起", db_index=True)
    last = models.DateField("止")
    due_at = models.DateTimeField("期限", db_index=True)
    safe = models.BooleanField("没有发现风险", null=True, editable=False, db_index=True)
    findings = models.TextField("发现的问题", blank=True, editable=False)
    measures = models.TextField("处置措施", blank=True, editable=False)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="签字人"
    )  # fmt: skip
    signed_at = models.DateTimeField("签字时间", null=True, editable=False, db_index=True)

    class Meta(Signed.Meta):
        verbose_name = "食品安全管控"
        ordering = ["-first", "org__path"]
        constraints = [
            models.UniqueConstraint(fields=["canteen", "level", "first"], name="canteen_control_once")
        ]

    def __str__(self) -> str:
        words = f"{self.first:%Y年%m月}" if self.level == "month" else f"{self.first:%m月%d日}"
        return f"{self.canteen} {words}{self.get_level_display()}"

    def get_absolute_url(self) -> str:
        """The step's page."""
        return f"/canteen/controls/{self.pk}/"

    def signed_content(self) -> str:
        """What was found and done."""
        said = (self.safe, self.findings, self.measures)
        return content_digest("control", self.canteen_id, self.level, self.first, *said)

    @property
    def open(self) -> bool:
        """Not signed yet."""
        return self.signed_at is None

    def grounds(self) -> Any:
        """The steps this one draws on: days of the week, weeks of the month; none for a day."""
        below = {"week": "day", "month": "week"}.get(self.level, "")
        rows = Control.objects.unscoped().filter(canteen=self.canteen_id, level=below, archived_at=None)
        return rows.filter(last__gte=self.first, first__lte=self.last).order_by("first")


def missed() -> Q:
    """Condition: past its end and not signed."""
    return Q(signed_at=None, due_at__lt=clock.now(), archived_at=None)


@transaction.atomic
def sign_step(actor: Actor, step: Control, said: Said, drawn: bytes = b"") -> Control:
    """Write down and sign; Rejected for a risk without words, for a period that has not begun, and for somebody
    who signed another level of the same days. Conflict when it was signed meanwhile.
    """
    Canteen.unguarded.select_for_update().get(pk=step.canteen_id)
    if step.first > clock.today():
        raise Rejected({"": "还没有到这一天"})
    if not said.safe and not (said.findings.strip() and said.measures.strip()):
        raise Rejected({"findings": "发现风险的，要写明问题和处置措施"})
    others = Control.objects.unscoped().filter(
        canteen=step.canteen_id, signer=actor.user, first__lte=step.last, last__gte=step.first
    )
    if other := others.exclude(level=step.level).first():
        raise Rejected({"": f"您已签过“{other}”，同一人不能签两级"})
    values = {**asdict(said), "signer": actor.user, "signed_at": clock.now()}
    change(actor, step, values, action="sign", expect=Q(signed_at=None))
    sign(actor, step, CAPACITY[step.level], f"签署{step.get_level_display()}", drawn)
    close_todos(step, actor.user, (STEP,))
    return step


def over(day: date) -> datetime:
    """The midnight after a day."""
    return datetime.combine(day + timedelta(days=1), time(), clock.zone())


def periods_of(day: date) -> dict[str, tuple[date, date]]:
    """The day, its week and its month, first and last day of each."""
    monday = day - timedelta(days=day.weekday())
    last = monthrange(day.year, day.month)[1]
    return {
        "day": (day, day),
        "week": (monday, monday + timedelta(days=6)),
        "month": (day.replace(day=1), day.replace(day=last)),
    }


def begin_steps(actor: Actor, canteens: Iterable[Canteen], day: date) -> list[Control]:
    """The steps that begin by this day, once each, on the desks of those who sign them."""
    found, canteens = periods_of(day), list(canteens)
    firsts = {first for first, _ in found.values()}
    known = set(Control.objects.unscoped().filter(first__in=firsts).values_list("canteen", "level", "first"))
    rows = [
        Control(org=canteen.org, canteen=canteen, level=level, first=first, last=last, due_at=over(last))
        for canteen in canteens
        for level, (first, last) in found.items()
        if (canteen.pk, level, first) not in known
    ]
    create_all(actor, rows)
    open_todos(_todo(row) for row in rows)
    return rows


def _todo(row: Control) -> Todo:
    return Todo(
        kind=STEP, title=str(row), verb="填写签字", url=row.get_absolute_url(), model=row._meta.label_lower,
        object_id=row.pk, org=row.org, permission=RIGHTS[row.level], due_at=row.due_at,
    )  # fmt: skip


@transaction.atomic
def begin_day(day: date) -> int:
    """Meals and steps of every canteen that cooks on the day; may be repeated. Returns how many canteens."""
    rows = Canteen.objects.unscoped().filter(in_use(), archived_at=None).select_related("org")
    cooking = [canteen for canteen in rows if serves(canteen, day)]
    lay_out(SYSTEM, cooking, day)
    begin_steps(SYSTEM, cooking, day)
    return len(cooking)


@background("生成食堂当天的餐次和管控")
def begin_today(job: Job) -> dict[str, Any]:
    """The daily round."""
    return {"canteens": begin_day(clock.today())}


declare_periodic("canteen.days", "10 0 * * *", begin_today)

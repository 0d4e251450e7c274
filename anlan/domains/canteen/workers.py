"""Canteen workers with their health certificate, and the morning check before work (D10.4, S09.1)."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.domains.canteen.canteens import Canteen, OfCanteen, in_use
from anlan.domains.canteen.papers import Company
from anlan.domains.canteen.rules import rules_at
from anlan.engines.audit.api import Actor, Written, change
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import OrgUnit, Record, declare_permission
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected
from anlan.kernel.identifiers import mobile_fault

POSTS = [
    ("chef", "厨师"),
    ("helper", "帮厨"),
    ("server", "配餐售餐"),
    ("cleaner", "洗消保洁"),
    ("buyer", "采购保管"),
    ("safety", "食品安全员"),
]
TRANSFER = declare_permission("canteen.workers.transfer", "食堂从业人员：校际调动", ("bureau_safety",)).code
declare_event(
    "canteen.unfit",
    "task",
    "晨检不合格：{worker}今天不得上岗",
    "{canteen} {worker}：{why}。请另行安排人员。",
    channels="sms wechat",
    urgent=True,
)


class Worker(OfCanteen):
    """Somebody who works in a canteen: one record for a person, wherever the work is."""

    name = models.CharField("姓名", max_length=40, db_index=True)
    identity = models.CharField("身份证号", max_length=18, blank=True)
    phone = models.CharField("手机号", max_length=20, blank=True)
    post = models.CharField("岗位", max_length=10, choices=POSTS, default="helper", db_index=True)
    employer = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="用工单位"
    )
    joined_on = models.DateField("到岗日期", default=clock.today)
    left_on = models.DateField("离岗日期", null=True, blank=True, db_index=True)
    training = models.CharField("培训情况", max_length=120, blank=True)
    certificate = models.CharField("健康证编号", max_length=40, blank=True)
    certifier = models.CharField("健康证发证机构", max_length=60, blank=True)
    certified_on = models.DateField("健康证发证日期", null=True, blank=True)
    certified_until = models.DateField("健康证有效期至", null=True, blank=True, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "食堂从业人员"
        ordering = ["org__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                name="canteen_worker_once",
                condition=~Q(identity=""),
                violation_error_message="这个身份证号已经登记；在其他学校的，请教育局办理调动",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                name="canteen_worker_certificate_once",
                condition=~Q(certificate="") & Q(archived_at=None),
                violation_error_message="这个健康证编号已经登记过",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The worker's page."""
        return f"/canteen/workers/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """A number that cannot exist, reversed periods, and a new entry with a certificate past its date."""
        found: dict[str, str] = {}
        if self.phone and (fault := mobile_fault(self.phone)):
            found["phone"] = fault
        if self.left_on and self.left_on < self.joined_on:
            found["left_on"] = "离岗日期不能早于到岗日期"
        if not self.certificate and (self.certified_on or self.certified_until):
            found["certificate"] = "请填写健康证编号"
        if self.certified_on and self.certified_until and self.certified_until < self.certified_on:
            found["certified_until"] = "健康证有效期不能早于发证日期"
        if self._state.adding and self.certified_until and not self.certified(clock.today()):
            found["certified_until"] = "健康证已过期，请先体检办证"
        return found

    def certified(self, day: date) -> bool:
        """Holds a health certificate valid on the day."""
        return self.certified_until is not None and self.certified_until >= day


def on_duty(prefix: str = "") -> Q:
    """Condition: works in a canteen that is open today."""
    here = Q(**{f"{prefix}left_on": None}) | Q(**{f"{prefix}left_on__gt": clock.today()})
    return here & in_use(f"{prefix}canteen__")


def uncertified() -> Q:
    """Condition: on duty without a valid health certificate."""
    return on_duty() & (Q(certified_until=None) | Q(certified_until__lt=clock.today()))


@transaction.atomic
def transfer(actor: Actor, worker: Worker, canteen: Canteen) -> Worker:
    """The worker goes on at another canteen, under the same record."""
    if canteen.pk == worker.canteen_id or canteen.closed(clock.today()):
        raise Rejected({"canteen": "请选择另一个在用的食堂"})
    values = {"canteen": canteen, "org": canteen.org, "joined_on": clock.today(), "left_on": None}
    return change(actor, worker, values, action="transfer")


class MorningCheck(OfCanteen):
    """One worker before work on one day; what follows from the answers is worked out when it is stored."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="checks", verbose_name="从业人员")
    day = models.DateField("日期", default=clock.today, editable=False, db_index=True)
    at = models.DateTimeField("晨检时间", default=clock.now, editable=False)
    temperature = models.DecimalField(
        "体温（℃）",
        max_digits=3,
        decimal_places=1,
        validators=[MinValueValidator(34), MaxValueValidator(43)],
    )
    diarrhoea = models.BooleanField("腹泻呕吐", default=False)
    wound = models.BooleanField("手部外伤或化脓", default=False)
    untidy = models.BooleanField("着装不整洁", default=False)
    note = models.CharField("说明", max_length=120, blank=True)
    fit = models.BooleanField("可以上岗", default=True, editable=False, db_index=True)
    why = models.CharField("不得上岗的原因", max_length=120, blank=True, editable=False)
    late = models.BooleanField("开餐后补检", default=False, editable=False, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "晨检记录"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "day"],
                name="canteen_check_once",
                condition=Q(archived_at=None),
                violation_error_message="此人今天已经晨检",
            )
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.day:%m-%d}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/checks/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """Somebody who has left."""
        return {"worker": "此人已离岗"} if self.worker.left_on and self.worker.left_on <= self.day else {}

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Judge the answers: fit for work or not, in time or late; the canteen is the worker's."""
        if self._state.adding and self.worker_id:
            self.canteen = self.worker.canteen
        super().full_clean(*args, **kwargs)
        if self._state.adding:
            rules = rules_at(self.org)
            reasons = {
                f"体温 {self.temperature}℃": self.temperature >= rules.fever,
                "腹泻呕吐": self.diarrhoea,
                "手部外伤": self.wound,
                "着装不整洁": self.untidy,
                "没有有效健康证": not self.worker.certified(self.day),
            }
            self.why = "、".join(words for words, holds in reasons.items() if holds)
            self.fit = not self.why
            meals = self.canteen.meals
            self.late = bool(meals) and self.at >= rules.begins(self.day, meals[0])


def unchecked() -> Q:
    """Condition: workers on duty without a check today."""
    today = MorningCheck.unguarded.filter(day=clock.today(), archived_at=None, worker=OuterRef("pk"))
    return on_duty() & Q(~Exists(today))


def keepers(canteen: Canteen) -> list[Any]:
    """Whom matters of a canteen are told: its manager, else the canteen and safety managers of the school."""
    if canteen.manager_id and canteen.manager and canteen.manager.is_active:
        return [canteen.manager]
    unit: OrgUnit = canteen.org
    found = [
        *holders(unit, role="canteen_manager", at_unit=True),
        *holders(unit, role="school_safety", at_unit=True),
    ]
    return list({person.pk: person for person in found}.values())


@events.on(Written)
def tell_of_the_unfit(event: Written) -> None:
    """The manager learns at once who must not work today."""
    check: Record = event.record
    if isinstance(check, MorningCheck) and not check.fit and event.action in ("create", "change"):
        said = {"worker": check.worker, "canteen": check.canteen, "why": check.why}
        send("canteen.unfit", keepers(check.canteen), check, url=check.get_absolute_url(), context=said)

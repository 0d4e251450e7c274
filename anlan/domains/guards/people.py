"""Guards: one file per person and school; a person is on duty at one school at a time (D15.2, SAF.49)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.people import PersonLeft, person_field
from anlan.domains.guards.bodies import Body
from anlan.engines.audit.api import change
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.identifiers import citizen_birth, citizen_id_fault, mobile_fault, normal_mobile

POSTS = [
    ("captain", "保安队长"),
    ("gate", "门卫"),
    ("patrol", "巡逻"),
    ("monitor", "监控值班"),
    ("dorm", "宿舍区"),
]
HEALTH = [("fit", "良好"), ("limited", "有慢性病"), ("unfit", "不适合")]
ACTIVE = "此人已经在岗（本校或其他学校），请先办理离岗"
CHECKS = [("", "未核查"), ("clear", "无违法犯罪记录"), ("found", "有违法犯罪记录")]


class Guard(Entry):
    """A guard of a school (``org``), employed by an organisation; the day of birth follows the identity number."""

    name = models.CharField("姓名", max_length=40, db_index=True)
    identity = models.CharField("身份证号", max_length=18)
    born_on = models.DateField("出生日期", editable=False, null=True, db_index=True)
    phone = models.CharField("手机号", max_length=20, blank=True)
    person = person_field(
        "人员档案", help_text="排班和手机打卡用；先在“人员”里登记并开通账号", related_name="guards"
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="guards", verbose_name="所属机构")
    post = models.CharField("岗位", max_length=8, choices=POSTS, default="gate", db_index=True)
    health = models.CharField("健康状况", max_length=8, choices=HEALTH, default="fit", db_index=True)
    veteran = models.BooleanField("服过兵役", default=False)
    background = models.CharField(
        "背景审查", max_length=6, choices=CHECKS, blank=True, default="", db_index=True
    )
    checked_on = models.DateField("审查日期", null=True, blank=True)
    joined_on = models.DateField("到岗日期", default=clock.today, db_index=True)
    left_on = models.DateField("离岗日期", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "保安员"
        ordering = ["org__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                name="guards_guard_active_once",
                condition=Q(left_on=None, archived_at=None),
                violation_error_message=ACTIVE,
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="guards_guard_person_once",
                condition=Q(left_on=None, archived_at=None),
                violation_error_message="这份人员档案已经是另一位在岗保安员的",
            ),
        ]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """What follows from the identity number."""
        self.phone = normal_mobile(self.phone)
        self.born_on = (
            citizen_birth(self.identity)
            if len(self.identity) == 18 and self.identity[:17].isdigit()
            else None
        )
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a telephone that cannot be, days to come, and half a background check."""
        faults: dict[str, str] = {}
        if self._elsewhere():
            faults["identity"] = ACTIVE
        if self.person and self.person.org_id != self.org_id:
            faults["person"] = "只能选本校人员"
        if self.phone and (fault := mobile_fault(self.phone)):
            faults["phone"] = fault
        if self.left_on and self.left_on < self.joined_on:
            faults["left_on"] = "离岗日期不能早于到岗日期"
        elif self.left_on and self.left_on > clock.today():
            faults["left_on"] = "请在离岗当天登记"
        if bool(self.background) != bool(self.checked_on):
            faults["checked_on"] = "审查结果和日期要一起填写"
        if faults:
            raise ValidationError(faults)

    def _elsewhere(self) -> bool:
        if self.left_on or self.archived_at:
            return False
        same = Guard.unguarded.filter(on_duty(), identity=self.identity)
        return bool(same.exclude(pk=self.pk).exists())


def on_duty(prefix: str = "") -> Q:
    """Condition: works as a guard today."""
    return Q(**{f"{prefix}left_on": None, f"{prefix}archived_at": None})


def identity_fault(record: Any, values: dict[str, Any]) -> dict[str, str]:
    """The fault of an identity number entered by form, import or API; one that stood there before may stay."""
    said = values.get("identity", getattr(record, "identity", ""))
    if said == getattr(record, "identity", None):
        return {}
    fault = citizen_id_fault(said, clock.today())
    return {"identity": fault} if fault else {}


@events.on(PersonLeft)
def leave_too(event: PersonLeft) -> None:
    """Who leaves the school guards it no more."""
    day = min(event.person.left_on or clock.today(), clock.today())
    for guard in Guard.objects.unscoped().filter(on_duty(), person=event.person):
        change(event.actor, guard, {"left_on": max(day, guard.joined_on)}, action="leave")

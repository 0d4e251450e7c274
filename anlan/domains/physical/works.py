"""Safety works: planned, built, accepted by others than those who built them, rechecked (N2.07)."""

from datetime import date
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.engines.files.api import attachments_of
from anlan.engines.messaging.api import rungs
from anlan.engines.registry.api import unique
from anlan.engines.workflow.api import (
    FlowRecord,
    Moved,
    Workflow,
    back,
    doing,
    done,
    idle,
    move,
    review,
    steps_of,
    todo,
)
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

BUILDERS, JUDGES = "school_safety school_contact", "school_head school_safety bureau_safety"
FINDERS = "school_head school_safety school_contact bureau_safety inspector"
ACCEPT = "physical.works.accept"
ORDER = ("began_on", "built_on", "accepted_on", "rechecked_on")
UNBUILT = ("planned", "building", "reopened")


class Work(FlowRecord):
    """One safety work of a school; ``cost`` in units of 10 000 yuan. Dates of earlier rounds stay in the steps."""

    class Kind(models.TextChoices):
        POND = "pond", "水塘、水池"
        STAIRS = "stairs", "楼梯"
        BUS = "bus", "校车"
        CLASSROOM = "classroom", "教室"
        DORMITORY = "dormitory", "宿舍"
        CANTEEN = "canteen", "食堂"

    title = models.CharField("工程名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, db_index=True)
    place = models.CharField("位置", max_length=60)
    scheme = models.TextField("建设内容", blank=True)
    planned_to = models.DateField("计划完工日期", db_index=True)
    cost = models.DecimalField(
        "投资（万元）",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    builder = models.CharField("施工单位", max_length=60)
    leader = person_field("施工负责人")
    began_on = models.DateField("开工日期", null=True, blank=True)
    built_on = models.DateField("完工日期", null=True, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True, db_index=True)
    acceptors = models.CharField("验收单位和人员", max_length=120, blank=True)
    opinion = models.TextField("意见", blank=True)
    rechecked_on = models.DateField("复查日期", null=True, blank=True)
    defect = models.TextField("缺陷", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "安防工程"
        constraints = [unique("physical_work_once", "org title", "本校已有同名的安防工程")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The work's page."""
        return f"/physical/works/{self.pk}/"

    def clean(self) -> None:
        """Dates follow each other up to today; who built is not among those who accept."""
        said = [(name, day) for name in ORDER if isinstance(day := getattr(self, name), date)]
        faults = {name: "日期不能晚于今天" for name, day in said if day > clock.today()}
        for (_, before), (name, day) in pairwise(said):
            if day < before:
                faults.setdefault(name, "日期不能早于上一步的日期")
        if self.acceptors and any(name in self.acceptors for name in self._builders()):
            faults["acceptors"] = "施工单位和施工负责人不能验收自己的工程"
        if faults:
            raise ValidationError(faults)

    def _builders(self) -> list[str]:
        names = (self.builder.strip(), self.leader.name if self.leader else "")
        return [name for name in names if name]


def unfinished() -> Q:
    """Condition on works: not built by the day planned."""
    return Q(state__in=UNBUILT, planned_to__lt=clock.today(), archived_at=None)


def _built(work: Work) -> set[int | None]:
    """Accounts of those who built it: who reported the building, and who is in charge of it."""
    users = steps_of(work).filter(move__in=("begin", "finish")).values_list("user", flat=True)
    return {*users, work.leader.account_id if work.leader else None}


def _not_the_builder(work: Work, user: Any) -> str | None:
    return "施工的人不能验收自己的工程" if user.pk in _built(work) else None


def _judges(work: Work) -> list[Any]:
    """The nearest who may accept and did not build."""
    built = _built(work)
    levels = ([one for one in level if one.pk not in built] for level in rungs(work.org, ACCEPT))
    return next((level for level in levels if level), [])


class WorkLife(Workflow):
    """A defect found after acceptance, or at it, opens the work again."""

    code, title, model = "physical.works", "安防工程", Work
    states = {
        "planned": todo("已计划"),
        "building": doing("施工中"),
        "built": review("待验收"),
        "accepted": review("已验收待复查"),
        "rechecked": done("复查合格"),
        "reopened": back("退回整改"),
        "off": idle("已取消"),
    }
    initial, final = "planned", "rechecked off"
    files = "built_photos accepted_photos rechecked_photos defect_photos"
    stages = {
        "计划": "planned off", "施工": "building reopened", "验收": "built", "复查": "accepted", "办结": "rechecked",
    }  # fmt: skip

    begin = move("开工", "planned", "building", by=BUILDERS, needs="began_on", duty=False)
    finish = move(
        "完工报验", "building reopened", "built", by=BUILDERS, needs="built_on built_photos", within_days=10
    )
    accept = move(
        "验收合格", "built", "accepted", by=JUDGES, needs="accepted_on acceptors accepted_photos",
        takes="opinion", guard=_not_the_builder, desk=_judges, within_days=120,
    )  # fmt: skip
    refuse = move(
        "验收不合格", "built", "reopened", by=JUDGES, needs="opinion", takes="defect_photos",
        guard=_not_the_builder, desk=_judges, within_days=20, outlined=True,
    )  # fmt: skip
    recheck = move(
        "复查合格", "accepted", "rechecked", by=JUDGES, needs="rechecked_on rechecked_photos", takes="opinion"
    )
    reopen = move(
        "发现缺陷", "accepted rechecked", "reopened", by=FINDERS, needs="defect", takes="defect_photos",
        sets=(("built_on", None), ("accepted_on", None), ("rechecked_on", None), ("acceptors", "")),
        within_days=20, duty=False, outlined=True,
    )  # fmt: skip
    cancel = move("取消", "planned", "off", by=BUILDERS, needs="opinion", duty=False, outlined=True)


@events.on(Moved)
def take_pictures_only(event: Moved) -> None:
    """Other files are no photos."""
    work = event.record
    if not isinstance(work, Work):
        return
    for slot in {*event.move.needs, *event.move.takes}.intersection(work.flow.files):
        if not all(one.is_picture for one in attachments_of(work, slot)):
            raise Rejected({slot: "这里只收照片"})


passes_on(Work, "leader")

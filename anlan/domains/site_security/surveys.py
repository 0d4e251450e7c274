"""A school's survey under one edition: its places, and what it states about each requirement (N1.06, N1.07)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.schools import School
from anlan.base.spot_checks import Lookable
from anlan.domains.site_security.editions import Edition, Level, LocationKind, Requirement
from anlan.engines.org.api import Record
from anlan.engines.workflow.api import FlowRecord


class Verdict(models.TextChoices):
    """What is said of a requirement; unfilled and unproved count as not met, not applicable counts nowhere."""

    UNFILLED = "unfilled", "未填报"
    MET = "met", "达到"
    PARTLY = "partly", "部分达到"
    NOT_MET = "not_met", "未达到"
    UNPROVED = "unproved", "未证实"
    NOT_APPLICABLE = "na", "不适用"


STATED = [choice for choice in Verdict.choices if choice[0] not in (Verdict.UNFILLED, Verdict.UNPROVED)]
UNMET = (Verdict.PARTLY, Verdict.NOT_MET, Verdict.UNPROVED, Verdict.UNFILLED)
OPEN_TO_SCHOOL = ("filling", "returned")


class Survey(FlowRecord):
    """The school (``org``) under one edition; archived, but kept, when the area goes over to another one."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="surveys", verbose_name="标准版本")
    opinion = models.TextField("核对意见", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "重点部位防护对照"
        ordering = ["org__path"]
        constraints = [models.UniqueConstraint(fields=["org", "edition"], name="site_security_survey_once")]

    def __str__(self) -> str:
        return f"{self.org} 重点部位防护对照"

    def get_absolute_url(self) -> str:
        """The survey's page."""
        return f"/site-security/surveys/{self.pk}/"


class KeyPlace(Lookable, Record):
    """A real place of the school, or (``absent``) the reasoned note that it has none of this kind.

    ``measures``: codes of what protects a place beyond the kinds of the standard; ``reason``: why it is one.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="places", verbose_name="防护对照")
    kind = models.ForeignKey(LocationKind, models.PROTECT, related_name="places", verbose_name="部位类别")
    name = models.CharField("部位名称", max_length=60)
    spot = models.CharField("具体位置", max_length=80, blank=True)
    absent = models.BooleanField("不适用", default=False, db_index=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    keeper = person_field("管理人员")
    measures = models.JSONField("防范措施", default=list, blank=True)

    class Meta(Record.Meta):
        verbose_name = "重点部位"
        ordering = ["kind__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "kind", "name"],
                name="site_security_place_once",
                condition=Q(archived_at=None),
                violation_error_message="这一类里已有同名的部位",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.kind}）"

    def get_absolute_url(self) -> str:
        """The place's page."""
        return f"/site-security/places/{self.pk}/"

    @property
    def there(self) -> bool:
        """A place, not a note."""
        return not self.absent

    def clean(self) -> None:
        """A kind is excused only where the edition allows it, with a reason, and never beside real places."""
        faults: dict[str, str] = {}
        wholly = self.kind.general and not self.kind.further
        if self.kind.edition_id != self.survey.edition_id or wholly:
            faults["kind"] = "这一类不用设部位"
        elif self.absent and not self.kind.condition:
            faults["kind"] = "标准不允许这一类部位不适用"
        if self.absent and not self.reason.strip():
            faults["reason"] = "请写明不适用的理由"
        if self.keeper and self.keeper.org_id != self.org_id:
            faults["keeper"] = "只能选本校人员"
        others = KeyPlace.unguarded.filter(survey=self.survey, kind=self.kind, archived_at=None).exclude(
            pk=self.pk
        )
        if not faults and others.filter(absent=not self.absent).exists():
            faults["kind"] = (
                "这一类已设部位，不能标为不适用" if self.absent else "这一类已标为不适用，请先撤销"
            )
        if faults:
            raise ValidationError(faults)


class Statement(Record):
    """One requirement at one place: what the school states with which proof, what the inspector found.

    Without a place it concerns the whole school (general kinds), or waits for the kind's first place.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="statements", verbose_name="防护对照")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name="标准版本")
    kind = models.ForeignKey(LocationKind, models.PROTECT, related_name="+", verbose_name="部位类别")
    place = models.ForeignKey(
        KeyPlace, models.PROTECT, null=True, blank=True, related_name="statements", verbose_name="部位"
    )
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="statements", verbose_name="防护要求"
    )
    level = models.CharField("程度", max_length=6, choices=Level.choices)
    measure = models.CharField("措施", max_length=20, db_index=True)
    verdict = models.CharField("学校填报", max_length=8, choices=STATED, blank=True)
    value = models.DecimalField("登记值", max_digits=9, decimal_places=2, null=True, blank=True)
    device = models.CharField("设备", max_length=100, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    checked = models.CharField("核对结论", max_length=8, choices=STATED, blank=True)
    checked_note = models.CharField("核对说明", max_length=300, blank=True)
    result = models.CharField("结果", max_length=8, choices=Verdict.choices, default=Verdict.UNFILLED)
    hazard_url = models.CharField("隐患", max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "防护要求填报"
        ordering = ["kind__number", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "requirement", "place"],
                name="site_security_statement_once",
                condition=Q(archived_at=None),
            ),
            models.UniqueConstraint(
                fields=["survey", "requirement"],
                name="site_security_statement_loose_once",
                condition=Q(archived_at=None, place=None),
            ),
        ]
        indexes = [models.Index(fields=["edition", "level", "result"], name="site_security_result")]

    def __str__(self) -> str:
        return f"{self.where}：{self.requirement.text}"

    def get_absolute_url(self) -> str:
        """The statement's page."""
        return f"/site-security/statements/{self.pk}/"

    @property
    def where(self) -> str:
        """The place in words."""
        return self.place.name if self.place else ("全校" if self.kind.general else "部位待设")

    @property
    def outcome(self) -> str:
        """What counts: the inspector's finding, else the school's statement, else unfilled."""
        return self.checked or self.verdict or Verdict.UNFILLED


def school_type_of(survey: Any) -> str:
    """The kind of the survey's school."""
    return str(School.unguarded.filter(org=survey.org_id).values_list("kind", flat=True).first() or "")


passes_on(KeyPlace, "keeper")

"""Boarders, who are minors: shown by a masked name, their health under a right of its own (D17.2)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.domains.dormitory.buildings import SEXES
from anlan.engines.registry.api import Entry, masked, unique
from anlan.kernel import clock
from anlan.kernel.identifiers import mobile_fault, normal_mobile

NATIONAL = re.compile(r"[GgLl]?\d{17}[\dXx]")


KIN = [("father", "父亲"), ("mother", "母亲"), ("other", "其他监护人")]
WAYS = [("paper", "书面签字"), ("online", "线上确认")]


class Boarder(Entry):
    """A pupil who lives at the school (``org``) under the school's own number; no identity number is kept.

    The guardian's consent stands in the row from the start: none is registered without (Personal Information
    Protection Law, article 31; MLPS.20).
    """

    name = models.CharField("姓名", max_length=40, db_index=True)
    code = models.CharField("校内学号", max_length=20, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=SEXES, default="male", db_index=True)
    class_name = models.CharField("班级", max_length=40, db_index=True)
    teacher = person_field("班主任")
    guardian = models.CharField("监护人", max_length=40)
    guardian_phone = models.CharField("监护人电话", max_length=20)
    kin = models.CharField("与学生关系", max_length=6, choices=KIN)
    consented_on = models.DateField("同意日期", help_text="监护人同意学校登记这些信息的日期，没有同意不登记")
    consent_way = models.CharField("同意方式", max_length=6, choices=WAYS, default="paper")
    joined_on = models.DateField("住校日期", default=clock.today)
    left_on = models.DateField("退宿日期", null=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "住宿学生"
        ordering = ["org__path", "class_name", "code"]
        constraints = [unique("dormitory_boarder_once", "org code", "本校已有这个学号")]

    def __str__(self) -> str:
        return f"{masked('name', self.name)} {self.class_name} {self.code}"

    def prepare(self) -> None:
        """A telephone number without blanks."""
        self.guardian_phone = normal_mobile(self.guardian_phone)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the derived fields in place."""
        self.prepare()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse national numbers, a telephone that cannot be, a strange teacher, a sex that does not fit the room."""
        faults: dict[str, str] = {}
        if NATIONAL.fullmatch(self.code):
            faults["code"] = "请用校内学号，不要填写身份证号或全国学籍号"
        if fault := mobile_fault(self.guardian_phone):
            faults["guardian_phone"] = fault
        if self.consented_on and self.consented_on > clock.today():
            faults["consented_on"] = "监护人还没有同意，不能登记"
        if self.teacher and self.teacher.org_id != self.org_id:
            faults["teacher"] = "只能选本校人员"
        lying = (
            self.pk
            and self.stays.filter(ends_on=None, archived_at=None).exclude(bed__room__sex=self.sex).exists()
        )
        if lying:
            faults["sex"] = "与所住房间的性别不符，请先换床"
        if self.archived_at and self.pk and self.stays.filter(ends_on=None, archived_at=None).exists():
            faults["name"] = "请先退宿"
        if faults:
            raise ValidationError(faults)


def living(prefix: str = "") -> Q:
    """Condition: has not checked out."""
    return Q(**{f"{prefix}left_on": None, f"{prefix}archived_at": None})


class HealthRemark(Entry):
    """What keepers must know about a boarder's health, apart from the boarder so that few see it."""

    boarder = models.ForeignKey(Boarder, models.PROTECT, related_name="health", verbose_name="学生")
    remark = models.TextField("健康备注", max_length=300)

    class Meta(Entry.Meta):
        verbose_name = "住宿学生健康备注"
        constraints = [unique("dormitory_health_once", "boarder", "这名学生已有健康备注")]

    def clean(self) -> None:
        """Refuse the pupil of another school."""
        if self.boarder.org_id != self.org_id:
            raise ValidationError({"boarder": "只能选本校学生"})


def with_bed(rows: Any) -> Any:
    """Boarders with ``at_building``, ``at_room`` and ``at_bed``, where they live now."""
    stay = rows.model._meta.get_field("stays").related_model.unguarded.filter(
        boarder=OuterRef("pk"), ends_on=None, archived_at=None
    )
    found = {
        "at_building": "bed__room__building__name",
        "at_room": "bed__room__number",
        "at_bed": "bed__number",
    }
    return rows.annotate(**{name: Subquery(stay.values(path)[:1]) for name, path in found.items()})


def bed_words(row: Any) -> str:
    """Where a boarder of :func:`with_bed` lives."""
    return f"{row.at_building} {row.at_room}-{row.at_bed}" if row.at_bed else ""


passes_on(Boarder, "teacher", living)

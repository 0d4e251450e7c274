"""Schools: one profile per school unit, the single source of a school's facts (D09.1, D09.4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse

from anlan.base.derived_grants import LOADING
from anlan.base.divisions import known_provinces
from anlan.base.pinyin import initials, spelled
from anlan.base.tags import SchoolTag
from anlan.base.vocabularies import code_field
from anlan.engines.audit.api import Actor, Written, change, create, validate
from anlan.engines.forms.api import SCHOOL_TYPE, offer_words
from anlan.engines.org.api import Kind, OrgUnit, Record, UnitMove, move_unit
from anlan.kernel import clock, events
from anlan.kernel.identifiers import credit_code_fault, school_code_fault


class SchoolKind(models.TextChoices):
    """What people call a school; the national teaching type says it more finely."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初级中学"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    COMPLETE = "complete", "完全中学"
    SENIOR = "senior", "高级中学"
    TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
    VOCATIONAL = "vocational", "中等职业学校"
    SPECIAL = "special", "特殊教育学校"
    REFORM = "reform", "专门学校"


offer_words(SCHOOL_TYPE, lambda unit: SchoolKind.choices)

TEACHING_TYPES = {
    SchoolKind.KINDERGARTEN: "111",
    SchoolKind.PRIMARY: "211",
    SchoolKind.JUNIOR: "311",
    SchoolKind.NINE_YEAR: "312",
    SchoolKind.COMPLETE: "341",
    SchoolKind.SENIOR: "342",
    SchoolKind.TWELVE_YEAR: "345",
    SchoolKind.VOCATIONAL: "361",
    SchoolKind.SPECIAL: "514",
    SchoolKind.REFORM: "371",
}


class CoordinateSystem(models.TextChoices):
    """Reference system of a position; the map engine converts, never the person who types."""

    CGCS2000 = "cgcs2000", "国家大地 2000"
    WGS84 = "wgs84", "WGS 84"
    GCJ02 = "gcj02", "GCJ-02"
    BD09 = "bd09", "BD-09"
    SKETCH = "sketch", "示意图"


class School(Record):
    """The profile of one school; ``org`` is the school's own unit and follows its name and town."""

    name = models.CharField("学校名称", max_length=100, db_index=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    code = models.CharField("学校标识码", max_length=10, unique=True, null=True, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("学校类型", max_length=12, choices=SchoolKind.choices, db_index=True)
    teaching_type = code_field("school_teaching_type", "办学类型", null=True, blank=True)
    nature = code_field("school_nature", "办学性质")
    sponsor = code_field("school_sponsor", "举办者", null=True, blank=True)
    urban_rural = code_field("urban_rural", "城乡分类", null=True, blank=True)
    town = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Kind.TOWNSHIP},
        verbose_name="所在镇街",
    )
    address = models.CharField("地址", max_length=200, blank=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    coordinate_system = models.CharField(
        "坐标系", max_length=10, choices=CoordinateSystem.choices, default=CoordinateSystem.CGCS2000
    )
    founded_on = models.DateField("建校日期", null=True, blank=True)
    office_phone = models.CharField("办公电话", max_length=20, blank=True)
    pupils = models.PositiveIntegerField("在校学生数", default=0)
    classes = models.PositiveIntegerField("班级数", default=0)
    boarders = models.PositiveIntegerField("住校生数", default=0)
    staff = models.PositiveIntegerField("教职工数", default=0)
    teachers = models.PositiveIntegerField("专任教师数", default=0)
    guards = models.PositiveIntegerField("专职保安数", default=0)
    site_area = models.DecimalField("占地面积（㎡）", max_digits=10, decimal_places=1, null=True, blank=True)
    floor_area = models.DecimalField("建筑面积（㎡）", max_digits=10, decimal_places=1, null=True, blank=True)
    has_canteen = models.BooleanField("有食堂", default=False)
    has_bus = models.BooleanField("有校车", default=False)
    tags = models.ManyToManyField(SchoolTag, related_name="schools", blank=True, verbose_name="标签")
    closed_on = models.DateField("撤销日期", null=True, blank=True, editable=False)
    pinyin = models.CharField(max_length=200, editable=False, db_index=True)
    initials = models.CharField(max_length=60, editable=False, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "学校"
        ordering = ["org__path"]
        constraints = [models.UniqueConstraint(fields=["org"], name="base_school_org_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The school's page."""
        return reverse("base.schools:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse codes that cannot exist, a unit that is no school, and more boarders than pupils."""
        faults: dict[str, str] = {}
        if self.code and (fault := school_code_fault(self.code, known_provinces())):
            faults["code"] = fault
        if self.credit_code and (fault := credit_code_fault(self.credit_code)):
            faults["credit_code"] = fault
        if self.org_id and self.org.kind != Kind.SCHOOL:
            faults["org"] = "只有学校单位有学校档案"
        if self.boarders > self.pupils:
            faults["boarders"] = "住校生数不能多于在校学生数"
        if (self.latitude is None) != (self.longitude is None):
            faults["longitude"] = "经度、纬度要一起填写"
        if self.founded_on and self.founded_on > clock.today():
            faults["founded_on"] = "建校日期不能晚于今天"
        if faults:
            raise ValidationError(faults)

    def prepare(self) -> None:
        """Fill what follows from other fields."""
        self.code = self.code or None
        self.pinyin, self.initials = spelled(self.name), initials(self.name)
        if self.teaching_type_id is None and self.kind:
            self.teaching_type_id = f"school_teaching_type.{TEACHING_TYPES[SchoolKind(self.kind)]}"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the derived fields in place."""
        self.prepare()
        super().full_clean(*args, **kwargs)


@events.on(Written)
def follow_school(event: Written) -> None:
    """The unit carries the school's name; pinyin follows a new name."""
    if not isinstance(event.record, School) or event.actor.channel == LOADING:
        return
    if not {"name", "short_name"} & set(event.after):
        return
    school = event.record
    OrgUnit.objects.filter(pk=school.org_id).update(name=school.name, short_name=school.short_name)
    school.prepare()
    School.unguarded.filter(pk=school.pk).update(pinyin=school.pinyin, initials=school.initials)


@receiver(post_save, sender=UnitMove, dispatch_uid="base-school-town")
def follow_move(instance: UnitMove, **_: object) -> None:
    """A school hung under another town lies in that town."""
    parent = OrgUnit.objects.get(pk=instance.unit_id).parent
    if parent and parent.kind == Kind.TOWNSHIP:
        School.unguarded.filter(org=instance.unit_id).update(town=parent)


@transaction.atomic
def open_school(actor: Actor, parent: OrgUnit, unit_code: str, **values: Any) -> School:
    """A new school under ``parent``: its unit and its profile. Rejected for bad input."""
    unit = OrgUnit(
        code=unit_code,
        name=values["name"],
        short_name=values.get("short_name", ""),
        kind=Kind.SCHOOL,
        parent=parent,
        direct=values.pop("direct", False),
    )
    validate(unit)
    unit.save()
    if parent.kind == Kind.TOWNSHIP:
        values.setdefault("town", parent)
    return create(actor, School(org=unit, **values))


def close_school(actor: Actor, school: School) -> School:
    """Deactivate a school: no grant works there any more, its history stays readable."""
    with transaction.atomic():
        change(actor, school, {"closed_on": clock.today()}, action="close")
        OrgUnit.objects.filter(pk=school.org_id).update(closed_on=school.closed_on)
    return school


def move_school(actor: Actor, school: School, town: OrgUnit) -> School:
    """Another town: the unit moves, rights and lists follow at once."""
    with transaction.atomic():
        move_unit(school.org, town, actor.user)
        school.org.refresh_from_db()
        change(actor, school, {"town": town}, action="change")
    return school

"""Organisation units: one tree from province to school,
with universities and linked agencies beside it (P.01-P.03).
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from anlan.kernel import clock


class Kind(models.TextChoices):
    """What a unit is; the tree rules follow from it."""

    PROVINCE = "province", "省级教育部门"
    CITY = "city", "市级教育局"
    COUNTY = "county", "县级教育局"
    TOWNSHIP = "township", "镇街教委办"
    SCHOOL = "school", "学校"
    UNIVERSITY = "university", "高等学校"
    COLLEGE = "college", "二级学院"
    DEPARTMENT = "department", "职能部门"
    AGENCY = "agency", "联动部门"


PARENTS: dict[str, tuple[str, ...]] = {
    Kind.PROVINCE: (),
    Kind.CITY: (Kind.PROVINCE,),
    Kind.COUNTY: (Kind.CITY, Kind.PROVINCE),
    Kind.TOWNSHIP: (Kind.COUNTY,),
    Kind.SCHOOL: (Kind.TOWNSHIP, Kind.COUNTY),
    Kind.UNIVERSITY: (Kind.PROVINCE,),
    Kind.COLLEGE: (Kind.UNIVERSITY,),
    Kind.DEPARTMENT: (Kind.UNIVERSITY,),
    Kind.AGENCY: (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWNSHIP),
}
DIRECT_PARENTS = (Kind.PROVINCE, Kind.CITY)


class OrgUnit(models.Model):
    """One node; ``path`` is "/350000/350500/…/" of codes from the root, ending in the unit's own."""

    code = models.CharField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.TextField(editable=False, unique=True, db_index=True)
    direct = models.BooleanField("直属学校", default=False)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "机构"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        """Refuse what the tree does not allow: wrong parent kinds, unflagged direct schools, cycles."""
        if self.parent is None:
            if PARENTS[self.kind]:
                raise ValidationError({"parent": f"{self.get_kind_display()}必须有上级"})
            return
        allowed = PARENTS[self.kind] + (DIRECT_PARENTS if self.kind == Kind.SCHOOL and self.direct else ())
        if self.parent.kind not in allowed:
            raise ValidationError(
                {"parent": f"{self.get_kind_display()}不能设在{self.parent.get_kind_display()}之下"}
            )
        if self.pk and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级不能是本单位自己或它的下级"})

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep ``path`` in step with the parent; moves of whole subtrees go through :func:`move_unit`."""
        if not self.path:
            self.path = (self.parent.path if self.parent else "/") + f"{self.code}/"
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def ancestor_codes(self) -> list[str]:
        """Codes from the root down to this unit."""
        return [code for code in self.path.split("/") if code]


@dataclass(frozen=True)
class SiteBegun:
    """Event: the topmost unit of a new site is there; domains lay down what everybody below begins with."""

    unit: OrgUnit


class UnitMove(models.Model):
    """A unit that changed its place in the tree; history stays readable under both paths."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="moves")
    from_path = models.TextField()
    to_path = models.TextField()
    moved_at = models.DateTimeField(default=clock.now)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "机构变动"

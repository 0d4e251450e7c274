"""Places of a school: campuses, buildings, floors, rooms, yards; the same for grids, devices and hazards."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from anlan.base.roles import ABOVE, AT_SCHOOL, VISITING, rights
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Ledger, ledger


class PlaceKind(models.TextChoices):
    """What a place is."""

    CAMPUS = "campus", "校区"
    AREA = "area", "区域"
    BUILDING = "building", "楼栋"
    FLOOR = "floor", "楼层"
    ROOM = "room", "房间"
    CLASS = "class", "班级"


class Place(Record):
    """One place of the school ``org``; places nest."""

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=PlaceKind.choices, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="所在"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    storeys = models.PositiveSmallIntegerField("层数", null=True, blank=True)
    area = models.DecimalField("面积（㎡）", max_digits=10, decimal_places=1, null=True, blank=True)
    built_on = models.DateField("建成日期", null=True, blank=True)
    use = models.CharField("用途", max_length=60, blank=True)

    class Meta(Record.Meta):
        verbose_name = "校内场所"
        ordering = ["org", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "parent", "name"], name="base_place_once", condition=models.Q(archived_at=None)
            ),
            models.UniqueConstraint(
                fields=["org", "name"],
                name="base_place_once_at_the_top",
                condition=models.Q(archived_at=None, parent=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent} {self.name}" if self.parent_id else self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.places:detail", args=[self.pk])

    def clean(self) -> None:
        """Refuse a place inside another school's place or inside itself."""
        above = self.parent
        if above and above.org_id != self.org_id:
            raise ValidationError({"parent": "只能放在本校的场所之内"})
        while above:
            if above.pk == self.pk:
                raise ValidationError({"parent": "场所不能在自己之内"})
            above = above.parent


@ledger
class Places(Ledger):
    """Places of schools."""

    code = "base.places"
    model = Place
    title = "校内场所"
    noun = "处"
    area, group, order = "base", "网格", 90
    columns = "name org kind parent use storeys area built_on"
    filters = "kind org"
    search = "name use org__name"
    key = "org parent name"
    form = "org name kind parent use address storeys area built_on"
    sort = "org__path"
    happenings = {"grid.move": "调整网格"}
    example = {"name": "教学楼", "kind": "building", "storeys": 4, "use": "教学"}
    roles = rights(" ".join((*ABOVE, *AT_SCHOOL, *VISITING)), "bureau_safety school_safety")

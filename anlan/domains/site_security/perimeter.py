"""The perimeter section by section: a wall or another solid barrier of 2 metres at least (N2.01)."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, Ledger, computed, ledger, unique

LEAST = Decimal("2.00")  # metres, for walls and other barriers alike
HIGHEST = Decimal("20.00")
LOW = Q(height__lt=LEAST)


class Section(Entry):
    """One section of a school's perimeter; lengths in metres."""

    KINDS = ["围墙", "金属栅栏", "建筑物外墙", "其他实体屏障"]

    name = models.CharField("区段", max_length=60)
    kind = models.CharField("屏障种类", max_length=10, choices=[(kind, kind) for kind in KINDS])
    length = models.DecimalField(
        "长度（米）", max_digits=7, decimal_places=1, validators=[MinValueValidator(Decimal("0.1"))]
    )
    height = models.DecimalField(
        "高度（米）",
        max_digits=4,
        decimal_places=2,
        db_index=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(HIGHEST)],
    )
    defects = models.CharField("缺陷", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "校园周界区段"
        constraints = [unique("site_security_section_once", "org name", "本校已有这个区段")]

    @property
    def met(self) -> bool:
        """High enough."""
        return self.height >= LEAST


def perimeter_met(unit: OrgUnit) -> bool | None:
    """Whether every section of the school is high enough; None while none is registered."""
    rows = Section.objects.unscoped().filter(org=unit, archived_at=None)
    return not rows.filter(LOW).exists() if rows.exists() else None


@ledger
class Perimeter(Ledger):
    """Sections of perimeters."""

    code = "site_security.sections"
    model = Section
    title, noun, icon = "校园周界台账", "段", "shield-check"
    area, group, order = "safety", "实体防护", 300
    columns = "name kind length height standing whole defects org"
    filters, search, key = "org kind height", "name defects org__name", "org name"
    form = "org name kind length height defects"
    files = {"photo": "照片"}
    marks = {"low": lambda: LOW, "defective": lambda: ~Q(defects="")}
    views = {"低于 2 米": "low=1", "有缺陷": "defective=1"}
    example = {"name": "东侧围墙", "kind": "围墙", "length": "120.0", "height": "2.20"}
    roles = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector"}

    def refine(self, rows: Any) -> Any:
        """With whether any section of the same school is too low."""
        others = Section.unguarded.filter(LOW, org=models.OuterRef("org"), archived_at=None)
        return rows.annotate(school_low=models.Exists(others))

    @computed("高度", "chip", sort="height")
    def standing(self, row: Section) -> tuple[str, str]:
        """Against the 2 metres."""
        return ("done", "达到") if row.met else ("late", "低于 2 米")

    @computed("学校周界", "chip")
    def whole(self, row: Any) -> tuple[str, str]:
        """A school is met only if all its sections are."""
        return ("late", "未达到") if row.school_low else ("done", "达到")

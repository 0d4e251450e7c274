"""The directory of safety ledgers: versions by school year, with entries; schools add entries of their own (S06.1)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.accounts.sources import Source, sources
from anlan.domains.accounts.years import PERIODS, check_year, shifted, this_year
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry

KINDS = [
    ("duty", "制度与责任"),
    ("check", "安全检查"),
    ("hazard", "隐患治理"),
    ("drill", "应急演练"),
    ("training", "教育培训"),
    ("fire", "消防安全"),
    ("food", "食品安全"),
    ("equipment", "特种设备"),
    ("traffic", "交通与校车"),
    ("surroundings", "校园周边"),
    ("meeting", "安全会议"),
    ("other", "其他"),
]
FILE_KINDS = [
    ("any", "Word、PDF、Excel 或图片"),
    ("document", "Word 或 PDF"),
    ("sheet", "Excel"),
    ("picture", "图片"),
]


def next_year() -> str:
    """The school year a new version is for."""
    return shifted(this_year(), 1)


class Directory(Entry):
    """A version of the directory that a unit issues for itself and all below; entries stand until the next one."""

    INHERITED = True

    title = models.CharField("目录名称", max_length=60)
    year = models.CharField(
        "从哪个学年起用", max_length=9, default=next_year, db_index=True, validators=[check_year]
    )
    note = models.TextField("说明", blank=True)
    issued_at = models.DateTimeField("发布时间", null=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "台账目录"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year"],
                name="accounts_directory_once",
                condition=Q(archived_at=None),
                violation_error_message="这个学年已有一版目录",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.year} 学年起）"


class Section(Entry):
    """One ledger of the directory: what is to be there, how often, and where it comes from.

    Rows of ``source`` under ``condition`` arrive by themselves; without a source each line of ``materials`` is
    to be there once a period, as files of ``file_kind``.
    """

    INHERITED = True

    directory = models.ForeignKey(
        Directory, models.PROTECT, null=True, blank=True, related_name="sections", verbose_name="目录版本"
    )
    title = models.CharField("台账", max_length=60)
    kind = models.CharField("门类", max_length=12, choices=KINDS, db_index=True)
    period = models.CharField("周期", max_length=8, choices=PERIODS, default="year")
    source = models.CharField("自动归集自", max_length=80, choices=sources, blank=True)
    condition = models.CharField(
        "归集条件",
        max_length=200,
        blank=True,
        help_text="在来源台账里筛选好，把地址中“?”后面的内容贴在这里；留空为全部",
    )
    required = models.PositiveSmallIntegerField(
        "每期至少几条", default=1, help_text="自动归集的台账按条数判断"
    )
    materials = models.TextField("应有材料", blank=True, help_text="上传的台账每行写一件；每期每件都要有")
    file_kind = models.CharField("文件要求", max_length=10, choices=FILE_KINDS, default="any")
    since = models.CharField("起用学年", max_length=9, default=this_year, editable=False, db_index=True)
    until = models.CharField("止用学年", max_length=9, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "台账条目"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "directory", "title"],
                name="accounts_section_once",
                condition=Q(archived_at=None),
                violation_error_message="这一版目录里已有同名的台账",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse conditions the source does not know, entries that ask for nothing, a directory of others."""
        if self.directory and self.directory.org_id != self.org_id:
            raise ValidationError({"directory": "只能放进本单位的目录"})
        if self.source:
            Source(self.source, self.condition).check()
        elif self.condition:
            raise ValidationError({"condition": "没有自动归集的来源，不用写条件"})
        elif not self.material_names:
            raise ValidationError({"materials": "不自动归集的台账要写明应有哪些材料"})
        if not self.required:
            raise ValidationError({"required": "至少 1 条"})

    @property
    def material_names(self) -> list[str]:
        """The lines of what is to be uploaded."""
        return [line.strip() for line in self.materials.splitlines() if line.strip()]

    @property
    def rows_source(self) -> Source | None:
        """Where its rows come from by themselves."""
        return Source(self.source, self.condition) if self.source else None

    @property
    def draft(self) -> bool:
        """In a version that is not issued."""
        return bool(self.directory and self.directory.issued_at is None)


def in_force(year: str) -> Q:
    """Entries that stand in a school year."""
    issued = Q(directory=None) | Q(directory__issued_at__isnull=False)
    return issued & Q(since__lte=year, archived_at=None) & (Q(until="") | Q(until__gte=year))


def sections_for(area: OrgUnit, year: str) -> list[Section]:
    """Entries in force at an area: of the units above, its own, and those of the schools below."""
    there = Q(org__code__in=area.ancestor_codes()) | Q(org__path__startswith=area.path)
    rows = Section.objects.unscoped().filter(in_force(year), there).select_related("org")
    order = {code: number for number, (code, _) in enumerate(KINDS)}
    return sorted(rows, key=lambda one: (order[one.kind], one.pk))


def of_unit(sections: list[Section], unit: Any) -> list[Section]:
    """Those that apply to a unit: laid down there or above."""
    return [one for one in sections if unit.path.startswith(one.org.path)]

"""Administrative divisions with source and version; codes are never reused or deleted."""

from collections.abc import Iterable
from datetime import date

from django.db import models, transaction

from anlan.base.seed_files import seed_rows
from anlan.kernel.errors import Rejected
from anlan.kernel.identifiers import PROVINCES, division_fault

SOURCE = "china-division 2.7.0"
VERSION = "2023-06-30"


class Level(models.IntegerChoices):
    """Depth in the structure: the length of the code says it."""

    PROVINCE = 2, "省级"
    PREFECTURE = 4, "地级"
    COUNTY = 6, "县级"
    TOWN = 9, "乡级"
    VILLAGE = 12, "村级"


class Division(models.Model):
    """One division; ``sort`` is real, pseudo, statistical, town, subdistrict … as its source says."""

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices, db_index=True)
    sort = models.CharField("类型", max_length=20, blank=True)
    source = models.CharField("来源", max_length=60)
    version = models.CharField("版本", max_length=20)
    valid_from = models.DateField("启用", null=True, blank=True)
    valid_to = models.DateField("停用", null=True, blank=True)

    class Meta:
        verbose_name = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def full_name(self) -> str:
        """Names from the province down, without placeholders."""
        above = self.parent.full_name() if self.parent else ""
        return above + ("" if self.sort == "pseudo" else self.name)


def known_provinces() -> set[str]:
    """Two-digit codes of provinces: those of the standard and those loaded."""
    return set(PROVINCES) | set(Division.objects.filter(level=Level.PROVINCE).values_list("code", flat=True))


def national_rows() -> list[dict[str, str]]:
    """Rows of the seed files that come with Anlan."""
    return [row for _, row in seed_rows("divisions")]


@transaction.atomic
def load_divisions(rows: Iterable[dict[str, str]], source: str = SOURCE, version: str = VERSION) -> int:
    """Store rows (code, name, parent, kind), all or nothing; known codes take the new name, others stay.

    Raises Rejected with the faulty codes.
    """
    found = sorted(rows, key=lambda row: len(row["code"]))
    faults = {
        row["code"]: fault for row in found if (fault := division_fault(row["code"], row.get("parent") or ""))
    }
    if faults:
        raise Rejected(faults)
    Division.objects.bulk_create(
        [
            Division(
                code=row["code"],
                name=row["name"],
                parent_id=row.get("parent") or None,
                level=len(row["code"]),
                sort=row.get("kind") or "",
                source=source,
                version=version,
            )
            for row in found
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "parent", "sort", "source", "version"],
    )
    return len(found)


def retire_division(code: str, on: date) -> None:
    """Mark a division abolished from that day; it stays readable in old records."""
    Division.objects.filter(code=code).update(valid_to=on)

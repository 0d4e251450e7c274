"""Editions of a standard of technical protection, as a district holds them for itself and all below (D02.7)."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.schools import SchoolKind
from anlan.base.vocabularies import code_field
from anlan.domains.site_security.devices import KINDS
from anlan.domains.site_security.editions import LocationKind
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock

LEVELS = [("must", "应配"), ("should", "宜配")]
TYPES = {label: code for code, label in SchoolKind.choices}
BREAKS = re.compile(r"[、，,；;\s]+")


def types_in(words: str) -> frozenset[str]:
    """Codes of the school types that the words name; those of unknown words are the words themselves."""
    return frozenset(TYPES.get(word, word) for word in BREAKS.split(words) if word)


def valid_types(words: str) -> None:
    """Validator: only types there are."""
    if unknown := types_in(words) - set(TYPES.values()):
        raise ValidationError(f"没有这种学校类型：{'、'.join(sorted(unknown))}；可填{'、'.join(TYPES)}")


class TechEdition(Entry):
    """One version of a standard, in force at the unit and below from ``since`` until a later one is."""

    INHERITED = True

    name = models.CharField("标准名称", max_length=80)
    release = models.CharField("版本", max_length=40)
    since = models.DateField("启用日期", db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "技防标准版本"
        ordering = ["-since"]
        constraints = [
            unique("site_security_tech_edition_once", "org name release", "这个版本已经登记过"),
            unique("site_security_tech_edition_day", "org since", "这一天已经启用了另一个版本"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.release}"


class TechClause(Entry):
    """A device that schools of some types must or should have at every place of a kind."""

    INHERITED = True

    edition = models.ForeignKey(
        TechEdition, models.PROTECT, related_name="clauses", verbose_name="技防标准版本"
    )
    number = models.CharField("条款号", max_length=30)
    place: Any = models.ForeignKey(LocationKind, models.PROTECT, related_name="+", verbose_name="部位类别")
    kind: Any = code_field(KINDS, "应有的设备类型")
    alike = models.BooleanField(
        "同类设备也算", default=False, help_text="如写枪型摄像机，球型摄像机、人车识别摄像机也算达到"
    )
    level = models.CharField("程度", max_length=6, choices=LEVELS, default="must", db_index=True)
    types = models.CharField(
        "适用学校类型",
        max_length=120,
        blank=True,
        validators=[valid_types],
        help_text="用顿号隔开，如 幼儿园、小学；不填为全部类型",
    )
    text = models.CharField("条款内容", max_length=400)

    class Meta(Entry.Meta):
        verbose_name = "技防标准条款"
        ordering = ["number", "pk"]
        constraints = [unique("site_security_tech_clause_once", "edition number", "这个条款号已经登记过")]

    def clean(self) -> None:
        """A clause is held by the unit that holds its edition."""
        if self.org_id and self.edition_id and self.edition.org_id != self.org_id:
            raise ValidationError({"edition": "只能写进本单位的版本"})

    def asks(self, school_type: str) -> bool:
        """Whether schools of this type are asked."""
        return not self.types or school_type in types_in(self.types)

    def accepts(self, kind: Any) -> bool:
        """Whether a device of this kind is what is asked for."""
        if kind.pk == self.kind_id:
            return True
        said, asked = kind.extra, self.kind.extra
        same = said.get("family") == asked.get("family") and said.get("stores") == asked.get("stores")
        return self.alike and same and bool(asked.get("family"))


class TechBook:
    """Editions in force today, read once."""

    def __init__(self) -> None:
        rows = TechEdition.objects.unscoped().filter(archived_at=None, since__lte=clock.today())
        found = rows.select_related("org")
        self.rows: list[TechEdition] = sorted(found, key=lambda row: (len(row.org.path), row.since))

    def at(self, path: str) -> TechEdition | None:
        """The latest edition of the nearest unit above the one at ``path``."""
        return next((row for row in reversed(self.rows) if path.startswith(row.org.path)), None)


def clauses_of(editions: Iterable[TechEdition]) -> dict[int, list[TechClause]]:
    """Clauses by edition, in the order of their numbers."""
    rows = TechClause.objects.unscoped().filter(archived_at=None, edition__in=list(editions))
    found: dict[int, list[TechClause]] = {}
    for clause in rows.select_related("place", "kind"):
        found.setdefault(clause.edition_id, []).append(clause)
    return found

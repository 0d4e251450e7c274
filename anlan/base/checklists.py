"""What is looked at when a thing is checked on the spot, and how often: data of a unit, for itself and below."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, Ledger, ledger, unique
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Subject:
    """A kind of thing that is checked: ``every`` days by default; ``category`` of the hazards that are found;
    ``items`` asked where no unit has written its own, those that stop the thing when they fail marked by ``!``.
    """

    code: str
    title: str
    every: int
    category: str
    items: tuple[str, ...]


subjects: Registry[Subject] = Registry("subject of checks")


def declare_subject(subject: Subject) -> Subject:
    """Have things of this kind checked."""
    return subjects.add(subject.code, subject)


def subject_choices() -> list[tuple[str, str]]:
    """Code and words of every kind of thing."""
    return [(item.code, item.title) for item in subjects]


class CheckItem(Entry):
    """One line of a checklist; ``vital``: a failure takes the thing out of use."""

    INHERITED = True

    subject = models.CharField("检查对象", max_length=40, choices=subject_choices, db_index=True)
    text = models.CharField("检查内容", max_length=100)
    vital = models.BooleanField("安全项（不合格即停用）", default=False)
    number = models.PositiveSmallIntegerField("顺序", default=1)

    class Meta(Entry.Meta):
        verbose_name = "检查项"
        ordering = ["number", "pk"]
        constraints = [unique("base_check_item_once", "org subject text", "已有这一项")]


class CheckRhythm(Entry):
    """How many days may pass between two checks of a kind of thing."""

    INHERITED = True

    subject = models.CharField("检查对象", max_length=40, choices=subject_choices, db_index=True)
    days = models.PositiveSmallIntegerField(
        "几天检查一次", validators=[MinValueValidator(1), MaxValueValidator(366)]
    )

    class Meta(Entry.Meta):
        verbose_name = "检查频次"
        constraints = [unique("base_check_rhythm_once", "org subject", "这个单位已经设置过")]


KEEPERS = "bureau_safety school_safety"
ROLES = {
    "view": " ".join((*ABOVE, *AT_SCHOOL)),
    **dict.fromkeys(("add", "edit", "archive", "import", "export"), KEEPERS),
}


@ledger
class CheckItems(Ledger):
    """Lines of checklists; the nearest unit that wrote any for a thing has the say."""

    model = CheckItem
    title, noun, area, group, order = "现场检查项", "项", "upkeep", "检查", 20
    columns = "text subject vital number org"
    filters, search, key, sort = "org subject vital", "text", "org subject text", "subject"
    example = {"text": "压力在绿区", "number": 1}
    roles = ROLES


@ledger
class CheckRhythms(Ledger):
    """How often things are checked."""

    model = CheckRhythm
    title, noun, area, group, order = "现场检查频次", "条", "upkeep", "检查", 30
    columns = "subject days org"
    filters, key = "org subject", "org subject"
    example = {"days": 31}
    roles = ROLES


@dataclass(frozen=True)
class Line:
    """One line as it is asked."""

    key: str
    text: str
    vital: bool


def lines_at(unit: OrgUnit, code: str) -> list[Line]:
    """What is asked about a thing at a unit: the lines of the nearest unit that wrote any, else the declared."""
    rows: Any = CheckItem.objects.unscoped().filter(
        subject=code, archived_at=None, org__code__in=unit.ancestor_codes()
    )
    found = list(rows.select_related("org"))
    nearest = max((len(row.org.path) for row in found), default=0)
    mine = [Line(f"i{row.pk}", row.text, row.vital) for row in found if len(row.org.path) == nearest]
    return mine or list(_declared(subjects[code]))


def _declared(subject: Subject) -> Iterator[Line]:
    for number, text in enumerate(subject.items):
        yield Line(f"d{number}", text.removeprefix("!"), text.startswith("!"))


def days_at(unit: OrgUnit, code: str) -> int:
    """Days that may pass between two checks at a unit."""
    rows: Any = CheckRhythm.objects.unscoped().filter(
        subject=code, archived_at=None, org__code__in=unit.ancestor_codes()
    )
    said = max(rows.values_list("org__path", "days"), key=lambda row: len(row[0]), default=None)
    return said[1] if said else subjects[code].every

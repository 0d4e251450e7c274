"""How many guards a school must have, how old they may be: what an area lays down, with the seed as default."""

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, IntegerField, Q, Value, When

from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock

SEED = yaml.safe_load((Path(__file__).parent / "seeds" / "defaults.yaml").read_text(encoding="utf-8"))
AS_ABOVE = "不填则按上级单位或默认要求"
LINE = re.compile(r"(\d{1,5}):(\d{1,3})")
SHAPE = RegexValidator(r"^1:\d{1,3}( +\d{1,5}:\d{1,3})*$", "从 1:几 写起，如 1:1 100:2 1000:3")


@dataclass(frozen=True)
class Rules:
    """Rules in force at a unit; ``table`` holds pairs of pupils and guards, beginning with the fewest."""

    table: str
    every: int
    boarders_every: int
    age_limit: int

    @property
    def steps(self) -> list[tuple[int, int]]:
        """The table as numbers, in order."""
        return sorted((int(pupils), int(guards)) for pupils, guards in LINE.findall(self.table))

    def required(self, pupils: int, boarders: int = 0) -> int | None:
        """How many guards a school must have; None where the number of pupils is not known."""
        reached = [step for step in self.steps if pupils >= step[0]]
        if not pupils or not reached:
            return None
        first, guards = reached[-1]
        further = (pupils - first) // self.every if reached == self.steps else 0
        return guards + further + boarders // self.boarders_every

    def required_column(self) -> Any:
        """The same as :meth:`required`, reckoned by the database over schools."""
        first, guards = self.steps[-1]
        boarders = F("boarders") / Value(self.boarders_every)
        top = Value(guards) + (F("pupils") - Value(first)) / Value(self.every) + boarders
        below = [When(pupils__lt=1, then=None)]
        pairs = pairwise(self.steps)
        below += [
            When(pupils__lt=upper, then=_whole(Value(number) + boarders)) for (_, number), (upper, _) in pairs
        ]
        return Case(*below, default=_whole(top), output_field=IntegerField(null=True))

    def born_before(self) -> date:
        """Who was born on or before this day is over the age limit."""
        today = clock.today()
        day = min(today.day, 28) if today.month == 2 else today.day
        return date(today.year - self.age_limit - 1, today.month, day)


def _whole(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=IntegerField())


NAMES = tuple(Rules.__dataclass_fields__)
DEFAULTS = Rules(**SEED["rules"])


def number_field(title: str) -> Any:
    """A number that follows the unit above where it is left empty."""
    return models.PositiveSmallIntegerField(
        title, null=True, blank=True, validators=[MinValueValidator(1)], help_text=AS_ABOVE
    )


def valid_table(text: str) -> None:
    """Validator: pupils and guards grow from line to line."""
    numbers = [(int(pupils), int(guards)) for pupils, guards in LINE.findall(text)]
    if not all(low[0] < high[0] and low[1] <= high[1] for low, high in pairwise(numbers)):
        raise ValidationError("学生数和保安数要逐档增加")


class GuardRules(Entry):
    """What a unit lays down for itself and below; what is left empty is as above."""

    INHERITED = True

    table = models.CharField(
        "配备档次",
        max_length=120,
        blank=True,
        validators=[SHAPE, valid_table],
        help_text="每档写“学生数起:保安数”，用空格隔开，如 1:1 100:2 1000:3",
    )
    every = number_field("最高档后每增加多少学生加一人")
    boarders_every = number_field("每多少住校生加一人")
    age_limit = number_field("年龄上限")

    class Meta(Entry.Meta):
        verbose_name = "保安配备要求"
        constraints = [unique("guards_rules_once", "org", "这个单位已经设置过")]


class RuleBook:
    """Rules of all units, read once."""

    def __init__(self) -> None:
        rows = GuardRules.objects.unscoped().filter(archived_at=None).select_related("org")
        self.rows = sorted(rows, key=lambda row: len(row.org.path))

    def at(self, path: str) -> Rules:
        """The defaults with what the units from above down to the one at ``path`` have set."""
        found = DEFAULTS
        for row in self.rows:
            if path.startswith(row.org.path):
                said: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
                found = replace(found, **{name: value for name, value in said.items() if value})
        return found

    def required_column(self) -> Any:
        """Guards a school must have, each under the rules of its unit; the nearest unit counts."""
        own = [
            When(org__path__startswith=row.org.path, then=self.at(row.org.path).required_column())
            for row in reversed(self.rows)
        ]
        return Case(*own, default=DEFAULTS.required_column(), output_field=IntegerField(null=True))

    def over_age(self) -> Q:
        """Condition on guards: over the limit of their unit."""
        found = Q(born_on__lte=DEFAULTS.born_before())
        for row in self.rows:
            here = Q(org__path__startswith=row.org.path)
            found = (found & ~here) | (here & Q(born_on__lte=self.at(row.org.path).born_before()))
        return found


def rules_at(unit: OrgUnit) -> Rules:
    """Rules in force at one unit."""
    return RuleBook().at(unit.path)

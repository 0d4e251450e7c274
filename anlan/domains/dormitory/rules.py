"""What an area lays down for its dormitories: hours, periods, consent; the seed holds the defaults."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.validators import MinValueValidator
from django.db import models

from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Entry, unique
from anlan.engines.tasks.api import is_working_day, terms_of
from anlan.kernel import clock

SEED = yaml.safe_load((Path(__file__).parent / "seeds" / "defaults.yaml").read_text(encoding="utf-8"))[
    "rules"
]
YES_NO = [("yes", "是"), ("no", "否")]
AS_ABOVE = "不填则按上级单位或默认要求"
YEAR = timedelta(days=370)


@dataclass(frozen=True)
class Rules:
    """Rules in force at a unit; answers are ``yes`` or ``no``."""

    call_at: time
    call_minutes: int
    escalate_minutes: int
    visitors_until: time
    check_days: int
    consent: str
    appliance_hazard: str
    every_night: str

    def call_due(self, night: date) -> datetime:
        """Until when the roll of a night must be called."""
        return datetime.combine(night, self.call_at, clock.zone()) + timedelta(minutes=self.call_minutes)

    def visitors_leave(self, day: date) -> datetime:
        """When visitors of a day must have left."""
        return datetime.combine(day, self.visitors_until, clock.zone())


NAMES = tuple(Rules.__dataclass_fields__)
TIMES = {
    name: time.fromisoformat(value) for name, value in SEED.items() if isinstance(value, str) and ":" in value
}
DEFAULTS = Rules(**{**SEED, **TIMES})


def number_field(title: str) -> Any:
    """A number that follows the unit above where it is left empty."""
    return models.PositiveSmallIntegerField(
        title, null=True, blank=True, validators=[MinValueValidator(1)], help_text=AS_ABOVE
    )


def answer_field(title: str) -> Any:
    """Yes or no, or as above."""
    return models.CharField(title, max_length=3, choices=YES_NO, blank=True, help_text=AS_ABOVE)


class DormitoryRules(Entry):
    """What a unit lays down for itself and below; what is left empty is as above."""

    INHERITED = True

    call_at = models.TimeField("晚点名时间", null=True, blank=True, help_text=AS_ABOVE)
    call_minutes = number_field("多少分钟内点完")
    escalate_minutes = number_field("未归多少分钟后上报")
    visitors_until = models.TimeField("访客离开时间", null=True, blank=True, help_text=AS_ABOVE)
    check_days = number_field("宿舍检查周期（天）")
    consent = answer_field("外出须监护人同意")
    appliance_hazard = answer_field("违规电器转为隐患")
    every_night = answer_field("休息日也住校")

    class Meta(Record.Meta):
        verbose_name = "宿舍管理要求"
        constraints = [unique("dormitory_rules_once", "org", "这个单位已经设置过")]


class RuleBook:
    """Rules of all units, read once."""

    def __init__(self) -> None:
        rows = DormitoryRules.objects.unscoped().filter(archived_at=None).select_related("org")
        self.rows = sorted(rows, key=lambda row: len(row.org.path))

    def at(self, unit: OrgUnit) -> Rules:
        """The defaults with what the units from above down to it have set."""
        found = DEFAULTS
        for row in self.rows:
            if unit.path.startswith(row.org.path):
                said: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
                found = replace(found, **{name: value for name, value in said.items() if value})
        return found


def rules_at(unit: OrgUnit) -> Rules:
    """Rules in force at one unit."""
    return RuleBook().at(unit)


def sleeps_here(unit: OrgUnit, night: date, rules: Rules) -> bool:
    """Whether boarders sleep at school that night: before a school day and, where terms are known, in term."""
    if rules.every_night == "yes":
        return True
    terms = terms_of(unit, night - YEAR, night + timedelta(days=1))
    within = not terms or any(first <= night + timedelta(days=1) and night <= last for first, last in terms)
    return within and is_working_day(night + timedelta(days=1))

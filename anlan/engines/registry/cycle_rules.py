"""Rules of cycles as data: those that come with a domain, and what a district has set otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.cycles import Check, Rule
from anlan.kernel.registry import Registry

rules: Registry[Rule] = Registry("cycle rule")


def declare_cycles(path: Path) -> None:
    """Declare the rules of a seed file; see ``domains/fire/seeds/cycles.yaml`` for its shape."""
    for said in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
        checks = tuple(
            Check(**{**check, "years": tuple(check.get("years", ()))}) for check in said.pop("checks")
        )
        rules.add(said["code"], Rule(**said, checks=checks))


def rule_checks() -> list[tuple[str, str]]:
    """Every check of every rule, for choosing: ``rule/check`` and its words."""
    return [
        (f"{rule.code}/{check.code}", f"{rule.title}：{check.title}")
        for rule in rules
        for check in rule.checks
    ]


def rule_kinds(stem: str) -> list[tuple[str, str]]:
    """Kinds of a thing: the last part of every rule ``<stem>.<kind>`` with its words."""
    return [
        (code.removeprefix(f"{stem}."), rules[code].title)
        for code in rules.codes()
        if code.startswith(f"{stem}.")
    ]


def _months(title: str) -> Any:
    """A length in months; empty: as the rule says."""
    return models.PositiveSmallIntegerField(
        title, null=True, blank=True, validators=[MaxValueValidator(600)], help_text="不填则按默认规则"
    )


class CycleSetting(Record):
    """What a unit sets otherwise for one check of a rule, for itself and below it."""

    INHERITED = True

    check_of = models.CharField("规则", max_length=80, choices=rule_checks)
    first = _months("首次（月）")
    every = _months("周期（月）")
    days = models.PositiveSmallIntegerField(
        "周期（天）",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text="不到一个月的周期填天数",
    )
    years = models.CharField("按使用年数", max_length=120, blank=True, help_text="例如 1 4 7 9 11 13 15")
    early = _months("可提前（月）")
    scrap = _months("报废（月）")
    restart = _months("停用多久须重新检验（月）")

    class Meta(Record.Meta):
        verbose_name = "检验周期设置"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "check_of"],
                name="registry_cycle_setting_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_check_of_display())

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/base/cycle-settings/{self.pk}/"

    def clean(self) -> None:
        """A cycle has a length; ages are whole years."""
        if self.every == 0:
            raise ValidationError({"every": "周期至少一个月"})
        if self.every and self.days:
            raise ValidationError({"days": "周期填月数或天数，不能都填"})
        words = self.years.replace("、", " ").replace(",", " ").replace("，", " ").split()
        if not all(word.isdecimal() and 0 < int(word[:4]) <= 60 for word in words):
            raise ValidationError({"years": "请填使用年数，用空格隔开，例如 1 4 7"})
        self.years = " ".join(str(age) for age in sorted({int(word) for word in words}))


class Rules:
    """Rules in force at units; settings are read once."""

    def __init__(self) -> None:
        rows = CycleSetting.objects.unscoped().filter(archived_at=None)
        self.settings = list(rows.select_related("org").order_by("org__path"))

    def at(self, unit: OrgUnit, code: str) -> Rule | None:
        """The rule at a unit: as declared, with what the units from above down to it have set."""
        rule = rules.get(code)
        for setting in self.settings if rule else ():
            name, _, check = setting.check_of.partition("/")
            if rule is not None and name == code and unit.path.startswith(setting.org.path):
                rule = _changed(rule, check, setting)
        return rule


def _changed(rule: Rule, code: str, setting: CycleSetting) -> Rule:
    said = {name: getattr(setting, name) for name in ("first", "every", "early")}
    of_check: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if setting.every or setting.days:
        of_check["days"] = setting.days or 0
    if setting.years:
        of_check["years"] = tuple(int(word) for word in setting.years.split())
    checks = tuple(replace(check, **of_check) if check.code == code else check for check in rule.checks)
    of_rule: dict[str, Any] = {"scrap": setting.scrap, "restart": setting.restart}
    return replace(
        rule, checks=checks, **{name: value for name, value in of_rule.items() if value is not None}
    )

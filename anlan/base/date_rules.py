"""Ledgers of what a district sets about dates: lead times of reminders, and cycles of checks."""

from anlan.base.roles import ABOVE
from anlan.engines.registry.api import CycleSetting, LeadTime, Ledger, ledger

KEEPERS = "bureau_safety team_admin"
KEEPING = dict.fromkeys(("add", "edit", "archive", "export"), KEEPERS)


@ledger
class LeadTimes(Ledger):
    """One line per unit and ledger; the nearest at or above counts."""

    code = "base.lead_times"
    model = LeadTime
    title, noun, icon = "到期提醒设置", "条", "settings"
    area, group, order = "base", "基础", 202
    columns = "ledger org days stages"
    filters = "org"
    key = "org ledger"
    sort = "org__path"
    example = {"days": 30, "stages": "60 30 7 0"}
    roles = {"view": " ".join(ABOVE), **KEEPING}


@ledger
class CycleSettings(Ledger):
    """One line per unit and check; what is not said stays as the rule has it."""

    code = "base.cycle_settings"
    model = CycleSetting
    title, noun, icon = "检验周期设置", "条", "settings"
    area, group, order = "base", "基础", 204
    columns = "check_of org first every days years early scrap restart"
    filters = "org"
    key = "org check_of"
    sort = "org__path"
    example = {"every": 12}
    roles = {"view": " ".join(ABOVE), **KEEPING}

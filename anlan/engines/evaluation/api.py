"""The evaluation engine's door: trees of indicators, cases, results and their signed files."""

from anlan.engines.evaluation.cases import Award, Case, Judge, Panel, Ruling
from anlan.engines.evaluation.reckoning import Duty, Result, Standing, Unfinished, Unsound, missing, reckon
from anlan.engines.evaluation.rules import Mark, Rule, declare_rule, rules
from anlan.engines.evaluation.scales import Scale
from anlan.engines.evaluation.statements import check, fingerprint, state
from anlan.engines.evaluation.trees import Fault, Indicator, Tree

__all__ = [
    "Award",
    "Case",
    "Duty",
    "Fault",
    "Indicator",
    "Judge",
    "Mark",
    "Panel",
    "Result",
    "Rule",
    "Ruling",
    "Scale",
    "Standing",
    "Tree",
    "Unfinished",
    "Unsound",
    "check",
    "declare_rule",
    "fingerprint",
    "missing",
    "reckon",
    "rules",
    "state",
]

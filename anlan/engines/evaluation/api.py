"""The evaluation engine's door: trees of indicators, cases, results and their signed files, draws."""

from anlan.engines.evaluation.cases import Award, Case, Judge, Panel, Ruling
from anlan.engines.evaluation.draws import Draw, TooFew, commitment, drawn, new_secret, ticket
from anlan.engines.evaluation.plain import tree_in, tree_out
from anlan.engines.evaluation.reckoning import Duty, Result, Standing, Unfinished, Unsound, missing, reckon
from anlan.engines.evaluation.rules import Mark, Rule, declare_rule, rules
from anlan.engines.evaluation.scales import Scale
from anlan.engines.evaluation.sharing_out import shared_out
from anlan.engines.evaluation.statements import check, fingerprint, state
from anlan.engines.evaluation.trees import Fault, Indicator, Tree

__all__ = [
    "Award",
    "Case",
    "Draw",
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
    "TooFew",
    "Tree",
    "Unfinished",
    "Unsound",
    "check",
    "commitment",
    "declare_rule",
    "drawn",
    "fingerprint",
    "missing",
    "new_secret",
    "reckon",
    "rules",
    "shared_out",
    "state",
    "ticket",
    "tree_in",
    "tree_out",
]

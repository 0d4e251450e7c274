"""How several judges' scores become one (KG.04, KG.19, HR.34); fixed when a round is published."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from anlan.kernel.registry import Registry

ENOUGH_TO_TRIM = 3


@dataclass(frozen=True)
class Mark:
    """One judge's score, and the weight of the judge."""

    score: Decimal
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rule:
    """``combine`` gets at least one mark and answers the value before rounding, or None: somebody has to decide."""

    code: str
    title: str
    combine: Callable[[Sequence[Mark]], Decimal | None]


rules: Registry[Rule] = Registry("aggregation rule")


def declare_rule(rule: Rule) -> Rule:
    """Let rounds be published with it."""
    return rules.add(rule.code, rule)


def _mean_of(scores: Iterable[Decimal]) -> Decimal:
    # Decimal's 28 digits: a quotient of scores with few decimals cannot come to lie on the other side of a half.
    kept = list(scores)
    return sum(kept, Decimal(0)) / len(kept)


def _mean(marks: Sequence[Mark]) -> Decimal:
    return _mean_of(mark.score for mark in marks)


def _trimmed(marks: Sequence[Mark]) -> Decimal:
    """Without one highest and one lowest from three scores up; of equal ones only one is dropped."""
    scores = sorted(mark.score for mark in marks)
    return _mean_of(scores[1:-1] if len(scores) >= ENOUGH_TO_TRIM else scores)


def _weighted(marks: Sequence[Mark]) -> Decimal:
    """By the weights of the judges, whatever they add up to."""
    whole = sum((mark.weight for mark in marks), Decimal(0))
    return sum((mark.score * mark.weight for mark in marks), Decimal(0)) / whole


def _median(marks: Sequence[Mark]) -> Decimal:
    scores = sorted(mark.score for mark in marks)
    half = len(scores) // 2
    return _mean_of(scores[half : half + 1] if len(scores) % 2 else scores[half - 1 : half + 1])


def _unanimous(marks: Sequence[Mark]) -> Decimal | None:
    """What all say; where they disagree, the supervisor decides (HR.15, HR.22)."""
    said = {mark.score for mark in marks}
    return said.pop() if len(said) == 1 else None


MEAN = declare_rule(Rule("mean", "平均分", _mean))
TRIMMED = declare_rule(Rule("trimmed", "去掉一个最高分和一个最低分后平均（三个评分起）", _trimmed))
WEIGHTED = declare_rule(Rule("weighted", "按评委权重加权平均", _weighted))
MEDIAN = declare_rule(Rule("median", "中位数", _median))
UNANIMOUS = declare_rule(Rule("unanimous", "一致通过，有分歧的由监督员决定", _unanimous))

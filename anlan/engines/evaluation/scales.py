"""What may be given for an indicator: any value up to its standard score, or one of its options (KG.09)."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Scale:
    """From 0 to ``most`` in steps of ``step``; with ``options`` only their scores."""

    most: Decimal
    step: Decimal = Decimal("0.5")
    options: tuple[tuple[str, Decimal], ...] = ()

    def fault(self, score: Decimal) -> str | None:
        """Why this score cannot be given, in words; None for one that can."""
        if self.options:
            offered = [value for _, value in self.options]
            return None if score in offered else f"只能是 {'、'.join(f'{value:f}' for value in offered)} 分"
        if not ZERO <= score <= self.most:
            return f"应在 0 到 {self.most:f} 分之间"
        return f"应是 {self.step:f} 分的整数倍" if score % self.step else None

    def faults(self) -> list[str]:
        """What is wrong with the scale itself, in words."""
        found = [] if self.most > ZERO else ["标准分应大于 0"]
        if self.options:
            scores = [score for _, score in self.options]
            titles = [title for title, _ in self.options]
            if len(set(titles)) < len(titles) or len(set(scores)) < len(scores):
                found.append("选项的名称和分值不能重复")
            if max(scores) != self.most:
                found.append("选项的最高分应等于标准分")
            if min(scores) < ZERO:
                found.append("选项的分值不能小于 0")
        elif not ZERO < self.step <= self.most:
            found.append("评分步长应大于 0 且不超过标准分")
        return found

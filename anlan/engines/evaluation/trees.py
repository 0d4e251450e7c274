"""Indicators on the levels A, B and C; leaves are scored, parents show the sums (MOR.01, KG.05, SAF.30)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from anlan.engines.evaluation.scales import ZERO, Scale

DEEPEST = 3


@dataclass(frozen=True)
class Indicator:
    """A node; ``parent`` is a code, empty on level A. Only leaves have a ``scale``."""

    code: str
    title: str
    parent: str = ""
    scale: Scale | None = None
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Fault:
    """What is wrong, in words, and with which indicator."""

    code: str
    text: str


class Tree:
    """Indicators in their order; ask ``faults`` before anything else of a tree that came from outside."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.indicators = tuple(indicators)
        self._by_code = {one.code: one for one in self.indicators}
        self._below: dict[str, list[Indicator]] = defaultdict(list)
        for one in self.indicators:
            self._below[one.parent].append(one)

    def __getitem__(self, code: str) -> Indicator:
        return self._by_code[code]

    def below(self, code: str = "") -> tuple[Indicator, ...]:
        """The children of an indicator; of nothing: level A."""
        return tuple(self._below.get(code, ()))

    @cached_property
    def leaves(self) -> tuple[Indicator, ...]:
        """What is scored."""
        return tuple(one for one in self.indicators if not self._below.get(one.code))

    def level(self, code: str) -> int:
        """1 for A, 2 for B, 3 for C; ``DEEPEST`` + 1 for anything deeper or in a circle."""
        depth = 1
        while (above := self._by_code[code].parent) in self._by_code and depth <= DEEPEST:
            code, depth = above, depth + 1
        return depth

    def standard(self, code: str = "") -> Decimal:
        """The standard score: a leaf's own, a parent's the sum; of nothing: the whole."""
        children = self.below(code)
        if code and not children:
            scale = self[code].scale
            return scale.most if scale else ZERO
        return sum((self.standard(child.code) for child in children), ZERO)

    def faults(self) -> list[Fault]:
        """Everything that keeps the tree from being published, indicator by indicator."""
        seen: set[str] = set()
        found = [] if self.indicators else [Fault("", "还没有指标")]
        for one in self.indicators:
            found += [Fault(one.code, text) for text in self._wrong(one, one.code in seen)]
            seen.add(one.code)
        return found

    def _wrong(self, one: Indicator, doubled: bool) -> Iterator[str]:
        if not one.code or not one.title:
            yield "编号和名称都要填写"
        if doubled:
            yield "编号重复"
        if one.parent and one.parent not in self._by_code:
            yield f"没有上级指标 {one.parent}"
        elif self.level(one.code) > DEEPEST:
            yield "指标最多三级"
        if one.weight <= ZERO:
            yield "权重应大于 0"
        if self.below(one.code):
            if one.scale:
                yield "有下级指标的，分值由下级相加，不能另填"
        elif one.scale is None:
            yield "最下级指标要有标准分"
        else:
            yield from one.scale.faults()

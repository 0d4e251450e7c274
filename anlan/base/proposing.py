"""What speaks for inspecting a school next: signals declared by the modules, added up and explained (X.25)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from anlan.base.schools import School
from anlan.kernel.registry import Registry

Count = Callable[[Sequence[int]], Mapping[int, int]]
RHYTHMS = ((12, "每周一次", 7), (6, "每两周一次", 14), (3, "每月一次", 30), (0, "每学期一次", 120))
MOST_TIMES = 5


@dataclass(frozen=True)
class Signal:
    """``count`` gives how often the signal shows at each of the units asked about; each time adds ``weight``.

    ``words`` says it with its number (``{n} 条隐患未整改``); ``focus`` names the matter to look at.
    """

    code: str
    words: str
    weight: int
    count: Count
    focus: str = ""


signals: Registry[Signal] = Registry("inspection signal")


def declare_signal(signal: Signal) -> Signal:
    """Let a signal speak; later modules add theirs (certificates, devices, incidents)."""
    return signals.add(signal.code, signal)


@dataclass(frozen=True)
class Proposal:
    """A school to inspect: its score, why, what to look at, and how often."""

    school: School
    score: int
    reasons: tuple[str, ...]
    focus: tuple[str, ...]

    @property
    def rhythm(self) -> tuple[str, int]:
        """How often, in words and in days."""
        return next((words, days) for least, words, days in RHYTHMS if self.score >= least)


def proposals(schools: Sequence[School]) -> list[Proposal]:
    """Schools with at least one signal, the strongest first; a signal counts five times at most."""
    units = [school.org_id for school in schools]
    shown: dict[int, list[tuple[Signal, int]]] = defaultdict(list)
    for signal in signals:
        for unit, n in signal.count(units).items():
            if n:
                shown[unit].append((signal, n))
    found = [_proposal(school, shown[school.org_id]) for school in schools if school.org_id in shown]
    return sorted(found, key=lambda one: (-one.score, one.school.name))


def _proposal(school: School, said: list[tuple[Signal, int]]) -> Proposal:
    said = sorted(said, key=lambda pair: -pair[0].weight)
    score = sum(signal.weight * min(n, MOST_TIMES) for signal, n in said)
    reasons = tuple(signal.words.format(n=n) for signal, n in said)
    return Proposal(school, score, reasons, tuple(dict.fromkeys(one.focus for one, _ in said if one.focus)))

"""What a round comes to: by participant, by indicator, by judge with severity and spread (KG.18)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import pstdev
from typing import Any

from anlan.engines.rounds.entries import own_scores
from anlan.engines.rounds.handing_out import DRAFT
from anlan.engines.rounds.processes import process_of
from anlan.engines.rounds.verdicts import standing_verdicts
from anlan.kernel.numbers import rounded

ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """A line of an analysis: totals and means; ``rate`` is the mean as a share of the standard score."""

    title: str
    url: str
    number: int
    standard: Decimal
    own: Decimal | None
    own_mean: Decimal | None
    reached: Decimal | None
    reached_mean: Decimal | None

    @property
    def rate(self) -> Decimal:
        """Percent of the standard reached on average; 0 where nothing is reckoned."""
        whole = self.standard if self.number else ZERO
        return rounded(100 * (self.reached or ZERO) / whole, 1) if whole else ZERO


@dataclass(frozen=True)
class Bench:
    """A judge: how many scores, their mean share of the standard, how far above the own panel, how spread."""

    name: str
    number: int
    mean: Decimal
    above: Decimal
    spread: Decimal


def mean(values: list[Decimal]) -> Decimal | None:
    """To two decimals; None of nothing."""
    return rounded(sum(values, ZERO) / len(values), 2) if values else None


def counted(round_: Any) -> list[tuple[str, int, str]]:
    """How many participants, indicators, judges, results and things to put right, with the list of each."""
    process = process_of(round_)
    stem, tail = f"/{process.code.replace('_', '-')}", f"?round={round_.pk}"
    judges = {judge for panel in round_.panels.filter(archived_at=None) for judge in panel.judges.all()}
    found = [
        (process.subject, round_.entries.filter(archived_at=None).count(), f"{stem}/entries/{tail}"),
        ("指标", len(round_.indicators.leaves), f"{round_.get_absolute_url()}#b-indicators"),
        ("评委", len(judges), f"{round_.get_absolute_url()}#b-panels"),
        ("结果", standing_verdicts(round_).count(), f"{stem}/verdicts/{tail}"),
    ]
    if process.writers:
        problems = round_.problems.exclude(state__in=("drafted", "dropped"))
        found.append(("整改问题", problems.count(), f"{stem}/problems/{tail}"))
    return found


def by_participant(round_: Any) -> list[Share]:
    """Each participant; who has not submitted is shown and counts in no mean."""
    entries = list(
        round_.entries.filter(archived_at=None).select_related("org", "round").order_by("org__path")
    )
    verdicts = {one.entry_id: one for one in standing_verdicts(round_)}
    own = own_scores([entry for entry in entries if entry.state in ("submitted", "passed")])
    leaves, standard = len(round_.indicators.leaves), round_.indicators.standard()
    lines = []
    for entry in entries:
        given, verdict = list(own.get(entry.pk, {}).values()), verdicts.get(entry.pk)
        final = [Decimal(one["final"]) for one in verdict.scores.values() if one["final"]] if verdict else []
        page = verdict or entry
        lines.append(
            Share(
                str(entry.org), page.get_absolute_url(), leaves, standard,
                sum(given, ZERO) if given else None, mean(given),
                sum(final, ZERO) if final else None, mean(final),
            )
        )  # fmt: skip
    return lines


def by_indicator(round_: Any, url: str) -> list[Share]:
    """Each indicator over the participants with a result."""
    verdicts = list(standing_verdicts(round_))
    lines = []
    for leaf in round_.indicators.leaves:
        said = [verdict.scores.get(leaf.code, {}) for verdict in verdicts]
        own = [Decimal(one["own"]) for one in said if one.get("own")]
        final = [Decimal(one["final"]) for one in said if one.get("final")]
        most = leaf.scale.most if leaf.scale else ZERO
        lines.append(
            Share(
                f"{leaf.code} {leaf.title}", f"{url}?at={leaf.code}", len(final), most * len(final),
                sum(own, ZERO) if own else None, mean(own), sum(final, ZERO) if final else None, mean(final),
            )
        )  # fmt: skip
    return lines


def by_judge(round_: Any) -> list[Bench]:
    """Judges by how severe they are: their scores as shares of the standard, against the others on the same items."""
    most = {leaf.code: leaf.scale.most for leaf in round_.indicators.leaves if leaf.scale}
    shares: dict[tuple[int, str], dict[Any, Decimal]] = defaultdict(dict)
    rows = round_.sheets.filter(archived_at=None).exclude(state=DRAFT).select_related("judge")
    for sheet in rows:
        for leaf, one in sheet.scores.items():
            shares[sheet.entry_id, leaf][sheet.judge] = 100 * Decimal(one["score"]) / most[leaf]
    own: dict[Any, list[Decimal]] = defaultdict(list)
    off: dict[Any, list[Decimal]] = defaultdict(list)
    for given in shares.values():
        middle = sum(given.values(), ZERO) / len(given)
        for judge, share in given.items():
            own[judge].append(share)
            off[judge].append(share - middle)
    lines = [
        Bench(
            str(judge), len(given), rounded(sum(given, ZERO) / len(given), 1),
            rounded(sum(off[judge], ZERO) / len(given), 1), rounded(Decimal(pstdev(given)), 1),
        )
        for judge, given in own.items()
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.above)

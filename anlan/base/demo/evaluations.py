"""Evaluation rounds of the demo county, for any process: one closed, one being scored, one still a draft."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from anlan.base.demo.steps import LOADER, World
from anlan.engines.audit.api import SYSTEM, change, create, create_all
from anlan.engines.org.api import OrgUnit
from anlan.engines.rounds.api import Assessor, Process, aggregate, form_panel, review
from anlan.engines.tasks.api import Job
from anlan.engines.workflow.api import perform
from anlan.kernel import clock

Leaf = tuple[str, str, str, int | None]


@dataclass(frozen=True)
class Staging:
    """What rounds of one process are about: indicators (code, title, parent, standard), who takes part, what is said.

    ``managed``: codes the first panel scores; the second has the rest.
    """

    world: World
    process: Process
    scheme: str
    tree: Sequence[Leaf]
    managed: Sequence[str]
    units: Sequence[OrgUnit]
    words: Mapping[str, str]
    titles: tuple[str, str, str]

    @property
    def office(self) -> OrgUnit:
        """The department in charge."""
        return self.world.units["county"]

    @property
    def judges(self) -> list[Any]:
        """Three accounts."""
        return [self.world.accounts[f"judge{place}"] for place in (1, 2, 3)]

    def prepare(self) -> Any:
        """Those who evaluate, and the indicators; the scheme."""
        there = set(Assessor.unguarded.filter(org=self.office).values_list("user", flat=True))
        fresh = [one for one in self.judges if one.pk not in there]
        create_all(LOADER, [Assessor(org=self.office, user=one, specialty="教育评估") for one in fresh])
        scheme = create(LOADER, self._table("Scheme")(org=self.office, title=self.scheme, note="每学期一次"))
        create_all(LOADER, list(self._indicators(scheme)))
        return scheme

    def stage(self, scheme: Any, follow: Callable[[Any], None] = lambda round_: None) -> None:
        """The three rounds; ``follow`` does what comes between publication and the end of the first."""
        ended = self.published(scheme, self.titles[0])
        follow(ended)
        perform(SYSTEM, ended, "close")
        running = self._round(scheme, self.titles[1])
        self._passed(running)
        self._score(running, 2)
        said = {"org": self.office, "scheme": scheme, "requirements": "逐项自评"}
        create(LOADER, self._table("Round")(title=self.titles[2], **said))

    def published(self, scheme: Any, title: str) -> Any:
        """A round with results everybody may see."""
        round_ = self._round(scheme, title)
        self._passed(round_)
        self._score(round_, len(self.units))
        self._reckon(round_)
        return round_

    def _table(self, name: str) -> Any:
        return self.process.table(name)

    def _indicators(self, scheme: Any) -> Iterator[Any]:
        for place, (code, title, parent, standard) in enumerate(self.tree):
            said = {"code": code, "title": title, "parent": parent, "standard": standard, "place": place}
            yield self._table("Indicator")(org=scheme.org, scheme=scheme, **said)

    def _round(self, scheme: Any, title: str) -> Any:
        """Published to the participants."""
        said = {"requirements": "对照指标逐项自评，上传佐证材料；自评分低于标准分的写明原因。"}
        due = self.world.today + timedelta(days=30) if self.process.dated else None
        made = create(
            LOADER, self._table("Round")(org=scheme.org, scheme=scheme, title=title, due_on=due, **said)
        )
        made.participants.set(self.units)
        return perform(SYSTEM, made, "publish")

    def _passed(self, round_: Any) -> None:
        """Every item filled in, every participant passed."""
        items = []
        for entry in round_.entries.select_related("org"):
            for leaf in round_.indicators.leaves:
                short = self.world.rng.choice([0, 0, 0, 1])
                said = {"text": "已按要求落实，记录齐全", "reason": "个别记录补登" if short else ""}
                score = leaf.scale.most - short
                items.append(
                    self._table("Item")(org=entry.org, entry=entry, leaf=leaf.code, score=score, **said)
                )
        create_all(LOADER, items)
        for entry in round_.entries.select_related("org", "round"):
            change(SYSTEM, entry, {"state": "passed", "due_at": None}, action="move:accept")

    def _score(self, round_: Any, units: int) -> None:
        """Panels, and the sheets of the first participants handed in."""
        rest = [leaf.code for leaf in round_.indicators.leaves if leaf.code not in self.managed]
        form_panel(LOADER, round_, "第一组", self.judges[:2], self.managed)
        form_panel(LOADER, round_, "第二组", self.judges[1:], rest)
        perform(SYSTEM, round_, "begin_scoring")
        first = list(round_.entries.order_by("pk").values_list("pk", flat=True)[:units])
        for sheet in round_.sheets.filter(entry__in=first).select_related("panel", "round"):
            scores = {}
            for code in sheet.panel.leaves:
                off = Decimal(self.world.rng.choice(["0", "0", "0.5", "1", "1.5"]))
                scores[code] = {"score": str(round_.indicators[code].scale.most - off), **self.words}
            said = {"scores": scores, "state": "submitted", "submitted_at": clock.now() - timedelta(hours=2)}
            change(LOADER, sheet, said, action="submit")

    def _reckon(self, round_: Any) -> None:
        """Aggregated, summed up, published."""
        perform(SYSTEM, round_, "aggregate")
        job = Job.objects.filter(code__endswith=".rounds.publishing.aggregate").latest("pk")
        aggregate(job, **job.values)
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=clock.now())
        for verdict in round_.verdicts.all() if self.process.summed else ():
            summed = {code: self.words[code] for code in self.process.summed}
            review(LOADER, verdict, {}, dict.fromkeys(verdict.scores, summed))
        round_.refresh_from_db()
        for name in ("confirm", "announce"):
            perform(SYSTEM, round_, name)

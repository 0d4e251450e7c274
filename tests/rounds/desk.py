"""The lines of rounds of evaluation on desks: the participant's, the department's, a judge's, a writer's (D11.4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from anlan.engines.identity.api import User
from anlan.engines.rounds.api import Said, appoint, collected, review, save_item, submit_sheet
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.kindergarten.garden import Garden
from tests.rounds.hall import Hall, actor, run_job


def judging(county: Any) -> Iterator[tuple[User, str]]:
    """Filled in, looked at, scored, published."""
    yield from _judged(Hall())


def moral(county: Any) -> Iterator[tuple[User, str]]:
    """The same of moral education."""
    yield from _judged(Hall("moral_assessment"))


def reporting(county: Any) -> Iterator[tuple[User, str]]:
    """The same of a kindergarten, with a report and what it demands."""
    garden = Garden()
    yield from _judged(garden)
    writer, round_ = actor(garden.writer), garden.table("Round").unguarded.get()
    report = appoint(garden.lead, garden.verdict(round_), garden.writer)
    yield garden.writer, "move/submit"
    type(report).unguarded.filter(pk=report.pk).update(due_on=clock.today() + timedelta(days=9))
    garden.move(report, "submit", writer)
    yield garden.lead.user, "move/confirm"
    garden.move(report, "confirm", garden.lead)
    first, *others = report.problems.order_by("pk")
    for problem in others:
        perform(garden.heads[0], problem, "answer", {"answer": "已整改"}, files={"after": 1})
        garden.move(problem, "accept", garden.lead)
    yield garden.heads[0].user, "move/answer"
    perform(garden.heads[0], first, "answer", {"answer": "已整改"}, files={"after": 1})
    yield garden.lead.user, "move/accept"
    garden.move(first, "accept", garden.lead)


def _judged(hall: Hall) -> Iterator[tuple[User, str]]:
    hall.schools = hall.schools[:1]
    round_ = hall.published()
    entry, head = hall.entry(round_), hall.heads[0]
    yield head.user, "move/submit"
    for leaf in round_.indicators.leaves:
        save_item(head, entry, leaf.code, Said(leaf.scale.most))
    hall.move(entry, "submit", head)
    yield hall.office.user, "move/accept"
    hall.move(entry, "accept")
    hall.panels(round_)
    hall.move(round_, "begin_scoring")
    yield hall.judges[2], hall.sheet(round_, 2).desk
    for judge, said in enumerate(({"C1": "8", "C2": "5"}, {"C1": "9", "C2": "5"}, {"A2": "20"})):
        submit_sheet(actor(hall.judges[judge]), hall.score(hall.sheet(round_, judge), **said))
    hall.move(round_, "aggregate", hall.lead)
    run_job(round_)
    verdict = hall.verdict(round_)
    review(hall.lead, verdict, {}, collected(verdict))
    yield hall.lead.user, "move/confirm"
    hall.move(round_, "confirm", hall.lead)
    yield hall.office.user, "move/announce"
    hall.move(round_, "announce")

"""The lines of a round of evaluation on desks: the school's, the department's, a judge's (D11.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.engines.identity.api import User
from anlan.engines.rounds.api import Said, save_item, submit_sheet
from tests.rounds.hall import Hall, actor, run_job


def judging(county: Any) -> Iterator[tuple[User, str]]:
    """Filled in, looked at, scored, published."""
    hall = Hall()
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
    hall.move(round_, "aggregate")
    run_job(round_)
    yield hall.office.user, "move/confirm"
    hall.move(round_, "confirm")
    yield hall.office.user, "move/announce"
    hall.move(round_, "announce")

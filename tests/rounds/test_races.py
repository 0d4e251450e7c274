"""Two people at the same moment: the lead's guard has passed when a judge acts; twins show the second look."""

import threading
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import close_old_connections, connection

from anlan.domains.safety_assessment.models import Round, Sheet
from anlan.engines.rounds import publishing
from anlan.engines.rounds.api import save_score, take_back
from anlan.kernel.errors import Conflict
from tests.rounds.hall import WORDS, Hall, actor

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work: Callable[[], Any]) -> None:
    """Somebody else's request, on a connection of its own, to its end."""

    def run() -> None:
        close_old_connections()
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


def moved_with(
    hall: Hall, round_: Any, name: str, between: Callable[[], Any], patch: pytest.MonkeyPatch
) -> str:
    """The lead's move, its guard passed before somebody else did ``between``; the state of the round at the end."""
    moves = Round.unguarded.get(pk=round_.pk).flow.moves
    late = type(moves[name])(**vars(moves[name]) | {"guard": lambda record, user: beside(between)})
    patch.setitem(moves, name, late)
    with suppress(Conflict):
        hall.move(round_, name)
    return str(Round.unguarded.get(pk=round_.pk).state)


def taken_back(patch: pytest.MonkeyPatch) -> str:
    """Every sheet is in; a judge takes one back while the lead aggregates."""
    hall = Hall()
    round_ = hall.judged()
    sheet = hall.sheet(round_, 2)
    ended = moved_with(hall, round_, "aggregate", lambda: take_back(actor(hall.judges[2]), sheet), patch)
    assert Sheet.unguarded.get(pk=sheet.pk).state == "draft"
    return ended


def first_score(patch: pytest.MonkeyPatch) -> str:
    """Nobody has scored; a judge does while the lead withdraws the round."""
    hall = Hall()
    round_ = hall.scoring()
    sheet, judge = hall.sheet(round_, 0), actor(hall.judges[0])
    ended = moved_with(
        hall, round_, "withdraw", lambda: save_score(judge, sheet, "C1", Decimal(8), WORDS), patch
    )
    assert Sheet.unguarded.get(pk=sheet.pk).scores
    return ended


def test_a_sheet_taken_back_stops_the_aggregation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken_back(monkeypatch) == "scoring"


def test_without_the_second_look_it_would_be_aggregated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "why_not_aggregated", lambda round_: None)
    assert taken_back(monkeypatch) == "aggregating"


def test_a_first_score_stops_the_withdrawal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first_score(monkeypatch) == "scoring"


def test_without_the_second_look_a_scored_round_would_be_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "begun", lambda round_: False)
    assert first_score(monkeypatch) == "draft"

"""Parallel submits, and counts that equal the answers at any moment."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.engines.audit import writing
from anlan.engines.audit.api import Actor
from anlan.engines.forms import api as forms
from anlan.engines.forms import submitting
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.tallies import AnswerTally, counted, recompute, tallied
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden
from tests.factories import Tree, a_user
from tests.forms.conftest import PURPOSE, VIEW, passing

ALL = ("q1", "q2", "q3")
PICTURE = "01990000-0000-7000-8000-000000000001"
MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)


def twice(inspector: Actor, response: forms.Response) -> int:
    """Two people who both opened the draft press submit; how many got through."""
    done = 0
    for _ in range(2):
        stale = forms.Response.objects.unscoped().one(pk=response.pk)
        stale.version, stale.state = response.version, response.state
        try:
            forms.submit(inspector, stale, passing(*ALL))
            done += 1
        except Conflict:
            pass
    return done


def test_of_two_submits_one_counts(inspector: Actor, response: forms.Response):
    assert twice(inspector, response) == 1
    assert sum(row[0] for row in tallied().values()) == 3


def test_without_the_guards_it_would_count_twice(
    inspector: Actor, response: forms.Response, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(submitting, "hold", lambda response: None)
    monkeypatch.setattr(writing, "_conditional_update", lambda *_: None)
    assert twice(inspector, response) == 2
    assert sum(row[0] for row in tallied().values()) == 6


def at_once(work: list[Any]) -> list[str]:
    """Run the callables in threads that start together; how each ended."""
    barrier, ends = Barrier(len(work)), []

    def run(one: Any) -> None:
        barrier.wait()
        try:
            one()
            ends.append("done")
        except Conflict:
            ends.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_submits_from_several_phones_at_once(
    tree: Tree, inspector: Actor, version: forms.FormVersion, response: forms.Response
):
    def one_more(pk: int) -> Any:
        return lambda: forms.submit(inspector, forms.Response.objects.unscoped().one(pk=pk), passing(*ALL))

    assert at_once([one_more(response.pk) for _ in range(4)]) == ["conflict"] * 3 + ["done"]
    others = [forms.begin(inspector, version, tree.school, PURPOSE) for _ in range(4)]
    assert at_once([one_more(other.pk) for other in others]) == ["done"] * 4
    assert tallied() == counted()
    assert sum(row[0] for row in tallied().values()) == 15


steps = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", "S4"]),
        st.integers(0, 2),
        st.lists(st.sampled_from(["pass", "fail", "not_applicable"]), min_size=3, max_size=3),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_the_counts_equal_the_answers_after_any_history(
    tree: Tree, inspector: Actor, version: forms.FormVersion, steps: list[Any]
):
    AnswerTally.objects.all().delete()
    Answer.objects.all().delete()
    for code, day, verdicts, back in steps:
        with clock.moved(MONDAY + timedelta(days=day)):
            response = forms.begin(inspector, version, tree[code], PURPOSE)
            answers = [
                forms.AnswerIn(question, verdict, "说明", (PICTURE,))
                for question, verdict in zip(ALL, verdicts, strict=True)
            ]
            forms.submit(inspector, response, [*answers, forms.AnswerIn("why", "堵了")], files_follow=True)
        if back:
            forms.reopen(inspector, response)
        assert tallied() == counted()
    before = tallied()
    recompute()
    assert tallied() == before


def test_item_statistics_cover_the_persons_scope_only(
    tree: Tree, inspector: Actor, version: forms.FormVersion, bank: Any
):
    for school, verdict in ((tree.school, "fail"), (tree.sister_school, "pass"), (tree.far_school, "fail")):
        response = forms.begin(inspector, version, school, PURPOSE)
        forms.submit(
            inspector, response, [*passing("q1", "q2"), forms.AnswerIn("q3", verdict)], files_follow=True
        )
    counts = {one.item.wording: one for one in forms.statistics(inspector.user, VIEW)}
    samples = counts["留样满 48 小时"]
    assert (samples.passed, samples.failed, samples.checked) == (1, 1, 2)
    assert next(iter(counts)) == "留样满 48 小时"
    assert forms.statistics(inspector.user, VIEW, until=clock.today() - timedelta(days=1)) == []
    with pytest.raises(Forbidden):
        forms.statistics(a_user(unit=tree.county), VIEW)

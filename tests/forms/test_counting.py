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
from anlan.engines.forms.counting import counted, counts
from anlan.engines.forms.tallies import AnswerChange, AnswerTally, fold, recompute
from anlan.engines.org.api import OrgUnit, move_unit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden
from tests.factories import Tree, a_user
from tests.forms.conftest import PURPOSE, VIEW, passing

ALL = ("q1", "q2", "q3")
PICTURE = "01990000-0000-7000-8000-000000000001"
MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)


BY = ("form_id", "question")


def total(unit: Any) -> int:
    """How many answers passed below a unit, as the counts say."""
    return sum(row[0] for row in counts([unit], BY).values())


def assert_true(tree: Tree, *periods: tuple[Any, Any]) -> None:
    """Every unit's counts equal the count of its answers, over all time and in every period."""
    for unit in OrgUnit.objects.all():
        for since, until in ((None, None), *periods):
            assert counts([unit], BY, since=since, until=until) == counted(unit, BY, since, until)


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


def test_of_two_submits_one_counts(tree: Tree, inspector: Actor, response: forms.Response):
    assert twice(inspector, response) == 1
    assert total(tree.province) == 3


def test_without_the_guards_it_would_count_twice(
    tree: Tree, inspector: Actor, response: forms.Response, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(submitting, "hold", lambda response: None)
    monkeypatch.setattr(writing, "_conditional_update", lambda *_: None)
    assert twice(inspector, response) == 2
    assert total(tree.province) == 6


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
    assert_true(tree)
    assert total(tree.province) == 15


@pytest.mark.django_db(transaction=True)
def test_the_counts_hold_while_others_submit_and_fold(
    tree: Tree, inspector: Actor, version: forms.FormVersion
):
    drafts = [forms.begin(inspector, version, tree.school, PURPOSE) for _ in range(12)]
    seen: list[int] = []

    def submit() -> None:
        for draft in drafts:
            forms.submit(inspector, draft, passing(*ALL))

    def look() -> None:
        while not seen or seen[-1] < 36:
            seen.append(total(tree.province))

    assert at_once([submit, fold_often, fold_often, look]) == ["done"] * 4
    assert seen == sorted(seen)
    assert all(number % 3 == 0 for number in seen)
    assert_true(tree)


def fold_often() -> None:
    for _ in range(25):
        fold()


steps = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", "S4"]),
        st.integers(0, 70),
        st.lists(st.sampled_from(["pass", "fail", "not_applicable"]), min_size=3, max_size=3),
        st.sampled_from(["", "reopen", "fold", "move"]),
    ),
    max_size=6,
)
days = st.tuples(st.integers(-3, 75), st.integers(0, 70)).map(
    lambda pair: (MONDAY.date() + timedelta(days=pair[0]), MONDAY.date() + timedelta(days=sum(pair)))
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, periods=st.lists(days, min_size=3, max_size=3))
def test_the_counts_equal_the_answers_after_any_history(
    tree: Tree, inspector: Actor, version: forms.FormVersion, steps: list[Any], periods: list[Any]
):
    for kept in (AnswerTally, AnswerChange, Answer):
        kept.objects.all().delete()
    for code, day, verdicts, then in steps:
        with clock.moved(MONDAY + timedelta(days=day)):
            response = forms.begin(inspector, version, tree[code], PURPOSE)
            answers = [
                forms.AnswerIn(question, verdict, "说明", (PICTURE,))
                for question, verdict in zip(ALL, verdicts, strict=True)
            ]
            forms.submit(inspector, response, [*answers, forms.AnswerIn("why", "堵了")], files_follow=True)
        if then == "reopen":
            forms.reopen(inspector, response)
        elif then == "fold":
            fold()
        elif then == "move":
            move_unit(OrgUnit.objects.get(code=code), tree.other_township)
        assert_true(tree)
    assert_true(tree, *periods)
    fold()
    assert_true(tree, *periods)
    folded = {
        tuple(row) for row in AnswerTally.objects.values_list("unit", "span", "since", "question", "passed")
    }
    recompute()
    fresh = {
        tuple(row) for row in AnswerTally.objects.values_list("unit", "span", "since", "question", "passed")
    }
    assert fresh <= folded
    assert_true(tree, *periods)


def test_a_moved_schools_answers_are_seen_by_its_new_county_alone(
    tree: Tree, inspector: Actor, version: forms.FormVersion, response: forms.Response
):
    forms.submit(inspector, response, passing(*ALL))
    assert (total(tree.county), total(tree.other_county)) == (3, 0)
    move_unit(tree.school, tree.other_county)
    assert (total(tree.county), total(tree.other_county), total(tree.township)) == (0, 3, 0)
    assert not Answer.objects.visible(inspector.user, VIEW).exists()


def test_pages_of_answers_hold_every_row_once(tree: Tree, inspector: Actor, version: forms.FormVersion):
    for day in (0, 0, 1, 3):
        with clock.moved(MONDAY + timedelta(days=day)):
            forms.submit(inspector, forms.begin(inspector, version, tree.school, PURPOSE), passing(*ALL))
    found, after = [], None
    while page := list(Answer.objects.visible(inspector.user, VIEW).newest("pass", after)[:5]):
        found += page
        after = page[-1].day, page[-1].pk
    assert len({row.pk for row in found}) == len(found) == 12
    assert [row.day for row in found] == sorted((row.day for row in found), reverse=True)


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

"""Two people act at the same moment."""

import threading

import pytest
from django.db import close_old_connections, connection

from anlan.base import grid_places, teams
from anlan.base.grids import Grid
from anlan.base.people import Person
from anlan.base.places import Place
from anlan.base.posts import PostHolder
from anlan.base.teams import TeamMember
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_tree

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works):
    """Run every work in a thread of its own from one starting line; what each came to."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work):
        close_old_connections()
        gate.wait()
        try:
            work()
            outcomes.append("done")
        except (Conflict, Rejected) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


@pytest.fixture
def bosses():
    tree = a_tree()
    people = [create(SYSTEM, Person(org=tree.county, name=name)) for name in ("甲", "乙")]
    return [create(SYSTEM, TeamMember(org=tree.county, person=person, is_admin=True)) for person in people]


def demote_both(bosses):
    """Both have read the team before either writes, as two open forms have."""
    return together(*(lambda boss=boss: change(SYSTEM, boss, {"is_admin": False}) for boss in bosses))


def test_two_administrators_demoted_at_once_leave_one(bosses):
    assert demote_both(bosses) == ["Conflict", "done"]
    assert TeamMember.objects.unscoped().filter(is_admin=True).count() == 1


def test_without_the_guard_both_would_be_gone(bosses, monkeypatch):
    monkeypatch.setattr(teams, "_keep_an_administrator", lambda *_: None)
    assert demote_both(bosses) == ["done", "done"]
    assert not TeamMember.objects.unscoped().filter(is_admin=True).exists()


def test_a_single_post_filled_twice_at_once_has_one_holder():
    tree = a_tree()
    people = [create(SYSTEM, Person(org=tree.school, name=name)) for name in ("甲", "乙", "丙")]

    def fill(person):
        create(SYSTEM, PostHolder(org=tree.school, post_id="safety_post.head", person=person))

    outcomes = together(*(lambda person=person: fill(person) for person in people))
    assert outcomes.count("done") == 1
    assert PostHolder.objects.unscoped().count() == 1


def claim_at_once():
    """Two grids of a school, each edited by somebody who gives it the same place; in how many it lies then."""
    unit = a_tree().school
    canteen = create(SYSTEM, Place(org=unit, name="食堂", kind="building"))
    grids = [create(SYSTEM, Grid(org=unit, name=name, level="campus")) for name in ("东区", "西区")]
    outcomes = together(*(lambda grid=grid: change(SYSTEM, grid, {"places": [canteen]}) for grid in grids))
    return outcomes, canteen.grids.count()


@pytest.mark.requirement("S05.4")
def test_a_place_claimed_by_two_areas_at_once_lies_in_one():
    assert claim_at_once() == (["Rejected", "done"], 1)


def test_without_the_guard_it_would_lie_in_both(monkeypatch):
    monkeypatch.setattr(grid_places, "_refuse_taken", lambda *_: None)
    assert claim_at_once() == (["done", "done"], 2)

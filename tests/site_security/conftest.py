"""A county with its standard, three schools, and the people concerned."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
import yaml
from django.test import Client

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.domains.site_security.editions import EditionChoice, LocationKind
from anlan.domains.site_security.laying_out import current, excuse, renew, set_up
from anlan.domains.site_security.loading import load_edition
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import KeyPlace, Statement, Survey
from anlan.engines.audit.api import Actor, create
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in

FILE = SEEDS / "gbt29315_site_requirements.yaml"
DATA = yaml.safe_load(FILE.read_text(encoding="utf-8"))


class Ground:
    """A county with its standard, three schools, and the people concerned."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.bureau = Actor.person(a_user("bureau_safety", tree.county), "web")
        self.officer = Actor.person(a_user("school_safety", tree.school), "web")
        self.inspector = Actor.person(a_user("inspector", tree.school), "web")
        self.stranger = Actor.person(a_user("school_safety", tree.sister_school), "web")
        for unit, kind in ((tree.school, "kindergarten"), (tree.sister_school, "primary")):
            School.unguarded.create(
                org=unit, name=unit.name, kind=kind, nature_id="school_nature.public", pupils=100
            )
        self.edition = load_edition(self.bureau, tree.county, DATA)
        choice = EditionChoice(org=tree.county, edition=self.edition, since=clock.today())
        create(self.bureau, choice)
        renew(self.bureau, tree.county)

    def survey(self, unit: Any = None) -> Survey:
        """The school's survey in force."""
        found = current(unit or self.tree.school)
        assert found is not None
        return found

    def kind(self, code: str, edition: Any = None) -> LocationKind:
        """A kind of the edition."""
        return LocationKind.unguarded.get(edition=edition or self.edition, code=code)

    def rows(self, survey: Survey, code: str = "") -> list[Statement]:
        """Statements of the survey, or those of one kind."""
        rows = Statement.unguarded.filter(survey=survey, archived_at=None)
        return list(rows.filter(kind__code=code) if code else rows)

    def set_all_up(self, actor: Actor, survey: Survey) -> None:
        """One place for each kind, excused where it may be."""
        for kind in LocationKind.unguarded.filter(edition=survey.edition, general=False):
            if kind.condition:
                excuse(actor, survey, kind, "本校没有")
            else:
                self.place(actor, survey, kind)

    def place(
        self, actor: Actor, survey: Survey, kind: LocationKind, name: str = "", **said: Any
    ) -> KeyPlace:
        """A place of a kind, with its keeper."""
        keeper = create(actor, Person(org=survey.org, name="何老师"))
        return set_up(actor, survey, kind=kind, name=name or kind.title, keeper=keeper, **said)

    def fill(self, actor: Actor, survey: Survey, verdict: str = "met") -> None:
        """The same statement everywhere."""
        said = Said(verdict, note="说明", device="1 号")
        state(
            actor, survey, {row.pk: replace(said, value=row.requirement.bound) for row in self.rows(survey)}
        )


@pytest.fixture
def ground(db: None) -> Ground:
    """The county."""
    return Ground(a_tree())


def web(actor: Actor) -> Client:
    """The person's browser."""
    return sign_in(Client(), actor.user)


def line(shown: str, title: str) -> list[str]:
    """The figures of a row of the table."""
    row = re.search(rf'<th scope="row">(?:<a[^>]*>)?{re.escape(title)}.*?</tr>', shown, re.S)
    assert row, f"no row {title}"
    return [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[0])]

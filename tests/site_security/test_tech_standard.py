"""The standard of technical protection: gaps of today, assessments that stay, schools that cannot be judged."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from anlan.base.schools import School
from anlan.domains.site_security.editions import Edition, LocationKind
from anlan.domains.site_security.surveys import KeyPlace, Survey
from anlan.domains.site_security.tech_assessments import TechAssessment
from anlan.domains.site_security.tech_editions import TechClause, TechEdition, valid_types
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import add, amend, ledgers
from anlan.kernel import clock
from tests.factories import a_tree, a_user
from tests.site_security.conftest import Ground, line, web
from tests.site_security.test_devices import a_device, kind

pytestmark = pytest.mark.django_db
PAGE, EDITIONS, CLAUSES = (
    "/site-security/tech-gaps/",
    "site_security.tech_editions",
    "site_security.tech_clauses",
)


class Small(Ground):
    """The county with a kindergarten and a primary school, and one kind of place: the kindergarten has a gate."""

    def __init__(self) -> None:
        self.tree = a_tree()
        self.bureau = Actor.person(a_user("bureau_safety", self.tree.county), "web")
        self.officer = Actor.person(a_user("school_safety", self.tree.school), "web")
        for unit, of in ((self.tree.school, "kindergarten"), (self.tree.sister_school, "primary")):
            School.unguarded.create(org=unit, name=unit.name, kind=of, nature_id="school_nature.public")
        self.edition = Edition.unguarded.create(org=self.tree.county, code="1", title="防护标准")
        said = {"edition": self.edition, "code": "L03", "number": 3, "title": "学校大门"}
        self.gates = LocationKind.unguarded.create(org=self.tree.county, **said)
        survey = Survey.unguarded.create(org=self.tree.school, edition=self.edition)
        self.desk = web(self.bureau)
        self.gate = KeyPlace.unguarded.create(org=survey.org, survey=survey, kind=self.gates, name="正大门")


@pytest.fixture
def ground(db: None) -> Small:
    """The small county."""
    return Small()


def an_edition(ground: Small, version: str = "1", days: int = 1) -> TechEdition:
    """A version the bureau enters, in force for some days."""
    said = {"name": "校园技防标准", "release": version, "since": clock.today() - timedelta(days=days)}
    made: TechEdition = add(ground.bureau, ledgers[EDITIONS], {"org": ground.tree.county} | said)
    return made


def a_clause(ground: Small, edition: TechEdition, number: str, of: str, **said: Any) -> TechClause:
    """A clause the bureau enters: a device at the gate."""
    values = {"org": ground.tree.county, "edition": edition, "number": number, "kind": kind(of)}
    values |= {"place": ground.gates, "level": "must", "types": "", "text": f"大门{number}"} | said
    made: TechClause = add(ground.bureau, ledgers[CLAUSES], values)
    return made


def shown(ground: Small, query: str = "") -> str:
    """The page as the bureau sees it."""
    answer = ground.desk.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def rows(ground: Small, query: str) -> list[list[str]]:
    """The table as a file: its lines, after the head."""
    text = ground.desk.get(f"{PAGE}?{query}&export=csv").content.decode("utf-8-sig")
    lines = [line.split(",") for line in text.splitlines()]
    first = next(number for number, cells in enumerate(lines) if cells[0] in ("学校", "设备"))
    return lines[first + 1 : -1]  # the last one says who exported


@pytest.mark.requirement("D02.7")
def test_a_gap_closes_with_its_device_and_an_assessment_stays_as_it_was_found(ground: Small) -> None:
    school, sister = ground.tree.school.name, ground.tree.sister_school.name
    edition = an_edition(ground)
    clause = a_clause(ground, edition, "5.1", "camera", alike=True, types="幼儿园")
    a_clause(ground, edition, "5.2", "panic_button", types="小学")
    a_clause(ground, edition, "5.3", "intercom", level="should")
    School.unguarded.filter(org=ground.tree.sister_school).update(kind="")
    assert rows(ground, "by=must_gaps") == [[school, "5.1", "应配", "学校大门", "正大门", "枪型摄像机", "缺"]]
    assert line(shown(ground), school) == ["1", "1", "1", "1", "0"]
    # Without a type nothing is said about a school but that.
    assert line(shown(ground), sister) == ["不可评估", "—", "—", "—", "0"]
    assert rows(ground, "by=unassessable")[0] == [sister, "学校档案没有填学校类型"]
    # Each number opens as many rows as it says.
    opened = re.findall(rf'href="({PAGE}\?area=(\d+)&amp;by=(\w+))"[^>]*>([\d,]+)<', shown(ground))
    assert len(opened) > 8
    for _, area, by, figure in set(opened):
        assert len(rows(ground, f"area={area}&by={by}")) == int(figure), by

    assert ground.desk.post(f"{edition.get_absolute_url()}act/assess").status_code == 303
    before = {row.org.name: row for row in TechAssessment.unguarded.select_related("org")}
    assert (before[school].result, before[school].must_gaps) == ("lacking", 1)
    assert (before[sister].result, before[sister].why) == ("none", "学校档案没有填学校类型")

    # A device elsewhere closes nothing, one without a place is listed apart; one like it at the gate does.
    a_device(ground, "JK-1")
    assert rows(ground, "by=unplaced") == [["JK-1", "枪型摄像机", "大门口", school]]
    assert line(shown(ground), school) == ["1", "1", "1", "1", "1"]
    a_device(ground, "JK-2", "camera_plate", place=ground.gate)
    assert rows(ground, "by=must_gaps") == []
    assert rows(ground, "by=must")[0][-1] == "JK-2"
    assert [row[1] for row in rows(ground, "by=gaps")] == ["5.3"]

    # A new version, and a clause written anew: the assessment says what it said.
    page = ground.desk.get(before[school].get_absolute_url()).content.decode()
    said = {"release": "2", "since": clock.today().isoformat()}
    ground.desk.post(f"{edition.get_absolute_url()}act/revise", said)
    second = TechEdition.unguarded.get(release="2")
    assert second.clauses.count() == 3
    amend(ground.bureau, ledgers[CLAUSES], second.clauses.get(number="5.1"), {"kind": kind("recorder")})
    amend(ground.bureau, ledgers[CLAUSES], clause, {"text": "改过的条款", "kind": kind("gate")})
    assert rows(ground, "by=must_gaps")[0][5] == "录像存储设备"
    after = TechAssessment.unguarded.get(pk=before[school].pk)
    assert (after.rows, after.edition_said, after.must_gaps) == (
        before[school].rows,
        before[school].edition_said,
        1,
    )
    again = ground.desk.get(after.get_absolute_url()).content.decode()
    needs = re.compile(r"<li class=\"mb-2\">.*?</li>", re.S)
    assert needs.findall(again) == needs.findall(page)
    assert len(needs.findall(again)) == 2
    assert "大门5.1" in again
    assert "改过的条款" not in again


def test_who_may_assess_and_whose_gaps_are_seen(ground: Small) -> None:
    edition = an_edition(ground)
    a_clause(ground, edition, "5.1", "camera")
    act = f"{edition.get_absolute_url()}act/assess"
    assert web(ground.officer).post(act).status_code == 403
    assert not TechAssessment.unguarded.exists()
    team = Actor.person(a_user("team_admin", ground.tree.school), "web")
    web(team).post(act)  # of a unit below the one that holds the version: only what is theirs
    assert [row.org for row in TechAssessment.unguarded.all()] == [ground.tree.school]
    for _ in range(2):  # again on the same day with nothing changed keeps nothing further
        ground.desk.post(act)
    assert TechAssessment.unguarded.filter(org=ground.tree.school).count() == 1
    theirs = TechAssessment.unguarded.get(org=ground.tree.sister_school)
    assert web(ground.officer).get(theirs.get_absolute_url()).status_code == 404
    own = web(ground.officer).get(PAGE).content.decode()
    assert ground.tree.school.name in own
    assert ground.tree.sister_school.name not in own
    assert web(ground.officer).get(f"{PAGE}?area={ground.tree.county.pk}").status_code == 422

    with pytest.raises(ValidationError):
        valid_types("幼儿园、托管班")
    later = an_edition(ground, "2", days=-5)
    assert ground.desk.post(f"{later.get_absolute_url()}act/assess").status_code == 409

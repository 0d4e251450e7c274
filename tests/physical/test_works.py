"""Safety works: planned, built, accepted by others with photos, rechecked, opened again (N2.07)."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.people import Person
from anlan.domains.physical.works import Work
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.tasks.api import Todo
from tests.factories import a_tree, a_user, sign_in
from tests.tasks.conftest import PNG
from tests.upkeep.test_upkeep import on

WORKS, TODAY = "/physical/works/", date(2026, 10, 20)
SAID = {"place": "校内", "planned_to": "2026-11-01", "builder": "恒固建筑公司", "cost": "3.50"}
KINDS = {
    "pond": "水塘、水池",
    "stairs": "楼梯",
    "bus": "校车",
    "classroom": "教室",
    "dormitory": "宿舍",
    "canteen": "食堂",
}


def photo(name: str) -> dict[str, Any]:
    """One photo in a slot."""
    return {name: SimpleUploadedFile("a.png", PNG, "image/png")}


class Site:
    """A school whose contact builds and whose head, like the bureau, accepts."""

    def __init__(self) -> None:
        tree = a_tree()
        self.school, people = tree.school, {}
        for role, unit in (
            ("school_safety", tree.school),
            ("school_head", tree.school),
            ("bureau_safety", tree.county),
        ):
            people[role] = a_user(role, unit)
        self.safety, self.head, self.bureau = (sign_in(Client(), one) for one in people.values())
        self.stranger = sign_in(Client(), a_user("school_head", tree.sister_school))
        self.people = people

    def plan(self, kind: str = "stairs", **said: Any) -> Work:
        """Enter a work on the page."""
        values = SAID | {"org": self.school.pk, "title": f"{KINDS[kind]}改造", "kind": kind, **said}
        assert self.safety.post(f"{WORKS}new", values).status_code == 303
        return Work.objects.unscoped().get(title=values["title"])

    def built(self, **said: Any) -> Work:
        """One that waits to be accepted."""
        work = self.plan(**said)
        assert go(self.safety, work, "begin", began_on="2026-10-01") == 303
        assert go(self.safety, work, "finish", built_on="2026-10-18", **photo("built_photos")) == 303
        return work

    def on_desk(self, role: str) -> bool:
        """Whether the acceptance lies on the desk of this person."""
        return Todo.objects.filter(
            user=self.people[role], kind="physical.works.accept", closed_at=None
        ).exists()


def go(client: Client, work: Work, name: str, **said: Any) -> int:
    """Make a move on the page."""
    return client.post(f"{WORKS}{work.pk}/move/{name}", said).status_code


def accept(client: Client, work: Work, **said: Any) -> int:
    """Accept it, with a photo unless said otherwise."""
    return go(client, work, "accept", **{"accepted_on": "2026-10-19", "acceptors": "教育局、校长"} | said)


def state(work: Work) -> str:
    """As stored."""
    return str(Work.unguarded.get(pk=work.pk).state)


@pytest.fixture
def site(db: None, settings: Any, tmp_path: Any) -> Iterator[Site]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with on(TODAY):
        yield Site()


@pytest.mark.requirement("N2.07")
def test_works_of_six_kinds_are_accepted_by_others_with_photos_and_reopened(site: Site) -> None:
    form = unescape(site.safety.get(f"{WORKS}new").content.decode())
    for kind, words in KINDS.items():
        assert f'value="{kind}"' in form
        assert words in form
        if kind != "stairs":
            site.plan(kind)
    work = site.built()
    assert accept(site.safety, work, **photo("accepted_photos")) == 409, "by who built"
    assert site.on_desk("school_head")
    assert not site.on_desk("school_safety")
    assert accept(site.head, work) == 422, "without photos"
    paper = SimpleUploadedFile("a.txt", "验收单".encode(), "text/plain")
    assert accept(site.head, work, accepted_photos=paper) == 422, "a paper is no photo"
    named = accept(site.head, work, acceptors="恒固建筑公司 张工", **photo("accepted_photos"))
    assert named == 422, "the builder among those who accept"
    assert accept(site.stranger, work, **photo("accepted_photos")) == 404
    assert state(work) == "built"
    assert accept(site.head, work, **photo("accepted_photos")) == 303
    rechecked = {"rechecked_on": "2026-10-20", **photo("rechecked_photos")}
    assert go(site.bureau, work, "recheck", **rechecked) == 303
    assert state(work) == "rechecked"

    assert go(site.safety, work, "reopen") == 422, "no defect said"
    assert go(site.safety, work, "reopen", defect="防滑条脱落") == 303
    again = Work.unguarded.get(pk=work.pk)
    assert (again.state, again.accepted_on, again.acceptors) == ("reopened", None, "")
    assert go(site.safety, work, "finish", built_on="2026-10-20", **photo("built_photos")) == 303
    assert accept(site.head, work, accepted_on="2026-10-20") == 422, "photos of the first time do not do"
    assert accept(site.head, work, accepted_on="2026-10-20", **photo("accepted_photos")) == 303

    sums = unescape(site.bureau.get("/analysis/physical/works/").content.decode())
    for kind, words in KINDS.items():
        assert words in sums
        assert len(site.bureau.get(f"/api{WORKS}?kind={kind}").json()["results"]) == 1
    assert "共 6 项，合计投资 21.00 万元" in site.bureau.get(WORKS).content.decode()


def test_who_is_in_charge_of_building_does_not_accept_either(site: Site) -> None:
    chief = create(SYSTEM, Person(org=site.school, name="李校长", account=site.people["school_head"]))
    work = site.built(leader=chief.pk)
    assert accept(site.head, work, **photo("accepted_photos")) == 409
    assert site.on_desk("bureau_safety")
    assert not site.on_desk("school_head")
    assert accept(site.bureau, work, accepted_on="2026-10-10", **photo("accepted_photos")) == 422, (
        "before built"
    )
    assert go(site.bureau, work, "refuse") == 422, "no reason"
    assert go(site.bureau, work, "refuse", opinion="防滑条未固定") == 303
    assert state(work) == "reopened"

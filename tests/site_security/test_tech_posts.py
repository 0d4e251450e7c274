"""People at technical protection posts: their qualifications, and rosters that put others there (N1.23)."""

from datetime import time
from typing import Any

import pytest

from anlan.base.people import Person
from anlan.domains.duty.drawing_up import watches_of
from anlan.domains.duty.rosters import Roster, Turn
from anlan.domains.site_security.operators import Qualification
from anlan.domains.site_security.tech_posts import TechPost
from anlan.engines.audit.api import create
from tests.site_security.conftest import Ground, web

pytestmark = pytest.mark.django_db
URL = "/site-security/qualifications/"


@pytest.mark.requirement("N1.23")
def test_who_stands_at_a_technical_post_without_valid_qualification_is_warned_of_and_listed_above(
    ground: Ground,
) -> None:
    school, officer, bureau = ground.tree.school, web(ground.officer), web(ground.bureau)
    said = {"org": school, "phone": "13800000001"}
    fine, lapsing, untested = (
        create(ground.officer, Person(name=name, **said)) for name in ("甲全", "乙期", "丙考")
    )
    create(ground.officer, TechPost(org=school, name="监控室", begins_at=time(8), ends_at=time(18)))

    def paper(person: Person, **more: Any) -> dict[str, Any]:
        number = f"JF-{person.pk}"
        body = {
            "org": school.pk,
            "person": person.pk,
            "kind": "安防系统运维",
            "number": number,
            "issuer": "人社局",
        }
        learnt = {"trained_on": "2026-02-01", "tested_on": "2026-02-03", "result": "passed"}
        found = body | {"issued_on": "2026-03-01"} | learnt | more
        return {name: value for name, value in found.items() if value}

    for wrong in (paper(fine, issuer=""), paper(fine, issued_on=""), paper(fine, result="")):
        assert officer.post(f"{URL}new", wrong).status_code == 422
    assert not Qualification.unguarded.exists()
    for right in (
        paper(fine),
        paper(lapsing, valid_to="2026-09-11"),
        paper(untested, result="failed"),
    ):
        assert officer.post(f"{URL}new", right).status_code == 303

    roster = {"org": school.pk, "scheme": "technical", "title": "监控室九月", "first": "2026-09-10"}
    roster |= {"last": "2026-09-12", "place": "监控室"}
    assert officer.post("/duty/rosters/new", roster).status_code == 303
    row = Roster.objects.unscoped().get()
    url = row.get_absolute_url()
    officer.post(f"{url}act/lay_out", {"idempotency": "x"})
    watches = watches_of(row)
    assert [str(watch) for watch in watches] == [f"2026-09-{day} 监控室" for day in (10, 11, 12)]

    def seated(*people: Person) -> str:
        """The page after these people were put into the shifts, one after the other."""
        row.refresh_from_db()
        seats = {f"seat-{watch.pk}-member": one.name for watch, one in zip(watches, people, strict=True)}
        assert officer.post(f"{url}grid/", {"version": row.version} | seats).status_code == 303, "not refused"
        return officer.get(f"{url}grid/").content.decode()

    assert "资质提醒" not in seated(fine, lapsing, fine)
    shown = seated(untested, lapsing, lapsing)
    assert "没有有效的技防岗位资质" in shown
    assert "<li>丙考（2026-09-10 监控室）</li><li>乙期（2026-09-12 监控室）</li>" in shown
    assert "资质提醒" in officer.get(url).content.decode()
    turn = Turn.objects.unscoped().get(person=untested, archived_at=None)
    assert "资质提醒" in officer.get(turn.get_absolute_url()).content.decode()

    def listed(client: Any) -> list[str]:
        rows = client.get("/api/duty/turns/?unproved=1").json()["results"]
        return sorted(f"{one['person_text']} {one['shift']}" for one in rows)

    wanted = ["丙考 2026-09-10 监控室", "乙期 2026-09-12 监控室"]
    assert listed(bureau) == sorted(wanted), "the superior sees who and when"
    assert listed(web(ground.stranger)) == []
    Qualification.unguarded.filter(person=untested).update(result="passed")
    assert listed(bureau) == wanted[1:]
    row.refresh_from_db()
    assert officer.post(f"{url}move/publish", {"version": row.version}).status_code == 303, "a warning only"

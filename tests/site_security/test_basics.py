"""The school as a whole: basic and physical requirements, answered by values and by what other modules record."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from anlan.base.people import Person
from anlan.domains.duty.rosters import Roster, Turn, Watch
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.perimeter import Section
from anlan.domains.site_security.recorded import follow_all
from anlan.domains.site_security.stating import Said, check, state
from anlan.domains.site_security.surveys import Statement
from anlan.engines.audit.api import SYSTEM, archive, create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db


def of(ground: Ground, code: str) -> Statement:
    """The school's statement about a requirement."""
    return Statement.unguarded.get(survey=ground.survey(), requirement__code=code)


def posted(ground: Ground, code: str, **said: str) -> tuple[int, str]:
    """Answer and page after the officer fills in one requirement of the sheet."""
    row = of(ground, code)
    url = f"{row.survey.get_absolute_url()}kinds/{row.kind_id}/"
    answer = web(ground.officer).post(url, {f"{name}-{row.pk}": value for name, value in said.items()})
    return answer.status_code, answer.content.decode()


def on_duty(ground: Ground, day: date) -> None:
    """A published roster of one day with one person."""
    org, person = (
        ground.tree.school,
        create(SYSTEM, Person(org=ground.tree.school, name="周老师", phone="13800001234")),
    )
    roster = create(SYSTEM, Roster(org=org, title="监控室值班", first=day, last=day))
    begins = datetime.combine(day, datetime.min.time(), clock.zone())
    said: dict[str, Any] = {"begins_at": begins, "ends_at": begins + timedelta(days=1), "leaders": 0}
    watch = create(SYSTEM, Watch(org=org, roster=roster, day=day, name="全天", members=1, **said))
    create(SYSTEM, Turn(org=org, watch=watch, roster=roster, person=person))
    perform(ground.officer, Roster.unguarded.get(pk=roster.pk), "publish")


@pytest.mark.requirement("N1.32")
def test_values_and_records_answer_for_the_whole_school(ground: Ground) -> None:
    wholly = [row.requirement for row in ground.rows(ground.survey()) if row.requirement.code[0] in "BW"]
    assert [sum(row.code[0] == kind for row in wholly) for kind in "BW"] == [18, 9]
    assert {row.code for row in wholly if row.level == "should"} == {"B17"}
    limits = {row.code: row.limit for row in wholly if row.limit}
    assert limits == {
        "B07": "不超过 0 分钟", "B08": "不低于 30 天", "B09": "不超过 24 小时", "B12": "不超过 0 台",
        "B13": "不超过 0 台", "W01": "不低于 2 米",
    }  # fmt: skip
    listed = web(ground.bureau).get("/site-security/requirements/?q=B08").content.decode()
    assert "不低于 30 天" in listed

    # The value answers, whatever is typed.
    for code, low, high in (("B08", "29", "30"), ("W01", "1.9", "2")):
        for said in ({"value": low}, {}):
            assert posted(ground, code, verdict="met", device="1 号", **said)[0] == 422
            assert of(ground, code).verdict == "", code
        assert posted(ground, code, value=high, verdict="not_met", device="1 号")[0] == 422
        assert posted(ground, code, value=high)[0] == 422, "met wants a proof"
        assert posted(ground, code, value=low)[0] == 303
        assert of(ground, code).result == "not_met"
        assert posted(ground, code, value=high, device="1 号")[0] == 303
        assert (of(ground, code).result, str(of(ground, code).value)) == ("met", f"{high}.00")

    # The perimeter outweighs what was typed, by itself and both ways.
    wall = {"org": ground.tree.school, "kind": "围墙", "length": 50}
    low_wall = create(SYSTEM, Section(**wall, name="东墙", height="1.90"))
    assert (of(ground, "W01").verdict, of(ground, "W01").result) == ("met", "not_met")
    assert posted(ground, "W01", verdict="met", value="3", device="1 号")[0] == 303, (
        "the answer is not asked for"
    )
    assert of(ground, "W01").result == "not_met"
    with pytest.raises(Rejected, match="周界"):
        state(ground.officer, ground.survey(), {of(ground, "W01").pk: Said("met", device="1 号")})
    archive(SYSTEM, low_wall)
    create(SYSTEM, Section(**wall, name="西墙", height="2.00"))
    assert of(ground, "W01").result == "met"

    # So do the clock of faults and the roster, also as time passes.
    camera: Device = a_device(ground, "C-1")
    perform(ground.officer, camera, "report", {"fault": "黑屏"})
    assert of(ground, "B09").result == "met", "a fault within its time"
    on_duty(ground, clock.today())
    assert (of(ground, "B05").verdict, of(ground, "B05").result) == ("", "met")
    with clock.moved(clock.now() + timedelta(hours=25)):
        follow_all(None)  # type: ignore[arg-type]
        assert [of(ground, code).result for code in ("B09", "B05")] == ["not_met", "not_met"]
        assert "没有按时恢复" in sheet(ground)
    follow_all(None)  # type: ignore[arg-type]
    assert of(ground, "B05").result == "met"


def sheet(ground: Ground) -> str:
    """The sheet of basic requirements."""
    row = of(ground, "B09")
    return web(ground.officer).get(f"{row.survey.get_absolute_url()}kinds/{row.kind_id}/").content.decode()


@pytest.mark.requirement("N1.32")
def test_an_inspectors_verdict_stays_until_an_inspector_lifts_it(ground: Ground) -> None:
    survey = ground.survey()
    ground.set_all_up(ground.officer, survey)
    ground.fill(ground.officer, survey)
    perform(ground.officer, survey, "submit")
    law = of(ground, "B01")
    check(ground.inspector, survey, {law.pk: Said("not_met", note="没有备案")})
    with pytest.raises(Forbidden):
        check(ground.officer, survey, {law.pk: Said("met", note="有")})
    url = f"{survey.get_absolute_url()}kinds/{law.kind_id}/"
    refused = web(ground.officer).post(url, {f"checked-{law.pk}": "met", f"checked_note-{law.pk}": "有"})
    assert refused.status_code == 403
    perform(ground.inspector, survey, "send_back", {"opinion": "请补备案"})
    state(ground.officer, ground.survey(), {law.pk: Said("met", device="备案号 1")})
    again = of(ground, "B01")
    assert (again.verdict, again.checked, again.result) == ("met", "not_met", "not_met")
    fresh = ground.survey()
    perform(ground.officer, fresh, "submit")
    check(ground.inspector, fresh, {law.pk: Said("met")})
    assert of(ground, "B01").result == "met"
    stranger = a_user("school_safety", ground.tree.sister_school)
    assert web(type(ground.officer).person(stranger, "web")).get(url).status_code == 404

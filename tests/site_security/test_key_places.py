"""Key places against the standard: set up by the school, stated with proof, looked at, counted."""

import re
from decimal import Decimal
from html import unescape

import pytest

from anlan.base.schools import School
from anlan.domains.safety.hazards import Hazard
from anlan.domains.site_security.building import Price
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.laying_out import begin, excuse, set_up, take_down
from anlan.domains.site_security.stating import Said, check, state
from anlan.domains.site_security.surveys import KeyPlace
from anlan.engines.audit.api import Actor, create
from anlan.engines.registry.api import RiskCategory
from anlan.engines.tasks.api import todos_for
from anlan.engines.workflow.api import perform
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user
from tests.files.making import EXE, a_picture, upload
from tests.site_security.conftest import Ground, line, web

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("N1.06")
def test_a_school_sets_up_its_places_and_may_lack_only_what_it_may(ground: Ground) -> None:
    survey = ground.survey()
    kinds = LocationKind.unguarded.filter(edition=ground.edition, general=False)
    assert kinds.count() == 12
    officer, url = web(ground.officer), survey.get_absolute_url()
    page = officer.get(url).content.decode()
    assert "还没有填全" in page
    assert "12 类部位没有设置" in page
    canteen, gate = ground.kind("L08"), ground.kind("L03")
    for kind, reason in ((gate, "没有大门"), (canteen, ""), (canteen, "   ")):
        refused = officer.post(f"{url}act/excuse", {"kind": kind.pk, "reason": reason})
        assert refused.status_code == 422
    with pytest.raises(Rejected) as why:
        excuse(ground.officer, survey, gate, "没有大门")
    assert why.value.fields["kind"] == ["标准不允许这一类部位不适用"]
    School.unguarded.filter(org=survey.org).update(has_canteen=True)
    against = officer.post(f"{url}act/excuse", {"kind": canteen.pk, "reason": "没有"})
    assert "学校档案登记有食堂" in against.content.decode()
    School.unguarded.filter(org=survey.org).update(has_canteen=False)
    assert not KeyPlace.unguarded.exists()
    assert officer.post(f"{url}act/excuse", {"kind": canteen.pk, "reason": "没有食堂"}).status_code == 303
    for name in ("南门", "北门"):
        assert officer.post(f"{url}act/set_up", {"kind": gate.pk, "name": name}).status_code == 303
    assert officer.post(f"{url}act/set_up", {"kind": gate.pk, "name": "南门"}).status_code == 422
    assert officer.post(f"{url}act/excuse", {"kind": gate.pk, "reason": "x"}).status_code == 422
    page = officer.get(url).content.decode()
    assert all(words in page for words in ("10 类部位没有设置", "南门", "北门", "没有食堂"))
    assert len(ground.rows(survey, "L03")) == 8, "four requirements at each of two gates"
    assert ground.rows(survey, "L08") == []
    take_down(ground.officer, KeyPlace.unguarded.get(name="北门"))
    assert len(ground.rows(survey, "L03")) == 4
    with pytest.raises(Conflict):
        perform(ground.officer, survey, "submit")
    assert web(ground.stranger).get(url).status_code == 404
    assert web(ground.inspector).post(f"{url}act/set_up", {"kind": gate.pk, "name": "x"}).status_code == 403


@pytest.mark.requirement("N1.07")
def test_statements_need_proof_and_only_an_unmet_must_counts(ground: Ground) -> None:
    kinder, primary = ground.survey(), ground.survey(ground.tree.sister_school)
    set_up(ground.officer, kinder, kind=ground.kind("L03"), name="大门")
    set_up(ground.stranger, primary, kind=ground.kind("L03"), name="大门")
    gate, other = ground.rows(kinder, "L03"), ground.rows(primary, "L03")
    assert (len(gate), len(other)) == (4, 3)
    assert {row.measure for row in gate} - {row.measure for row in other} == {"intercom"}
    officer = web(ground.officer)
    sheet = f"{kinder.get_absolute_url()}kinds/{ground.kind('L03').pk}/"
    shown = officer.get(sheet).content.decode()
    assert shown.count("应（必须达到）") == 4
    first, *rest = gate
    refused = officer.post(sheet, {f"verdict-{first.pk}": "met", f"note-{first.pk}": "已装"})
    assert (refused.status_code, "达到要求要有照片" in refused.content.decode()) == (422, True)
    assert "已装" in refused.content.decode()
    assert officer.post(sheet, {f"verdict-{first.pk}": "na", f"note-{first.pk}": "x"}).status_code == 422
    bad = {f"verdict-{first.pk}": "met", f"photo-{first.pk}": upload("a.jpg", EXE)}
    assert officer.post(sheet, bad).status_code == 422
    first.refresh_from_db()
    assert first.result == "unfilled"
    good = {f"verdict-{first.pk}": "met", f"photo-{first.pk}": upload("a.jpg", a_picture())}
    good |= {f"verdict-{row.pk}": "met" for row in rest} | {f"device-{row.pk}": "2 号" for row in rest}
    assert officer.post(sheet, good).status_code == 303
    assert {row.result for row in ground.rows(kinder, "L03")} == {"met"}
    assert officer.post(sheet, {f"verdict-{first.pk}": "met"}).status_code == 303, (
        "the picture stays as proof"
    )

    for kind in LocationKind.unguarded.filter(edition=ground.edition, general=False).exclude(code="L03"):
        ground.place(ground.officer, kinder, kind)
    ground.fill(ground.officer, kinder)
    advice = next(row for row in ground.rows(kinder) if row.level == "should")
    state(ground.officer, kinder, {advice.pk: Said("not_met")})
    listed = web(ground.bureau).get(kinder.get_absolute_url()).content.decode()
    assert "达标" in listed
    assert "不达标" not in listed, "an unmet should is advice"
    assert "建议改进" in web(ground.bureau).get(advice.get_absolute_url()).content.decode()
    with pytest.raises(Forbidden):
        check(ground.officer, kinder, {first.pk: Said("met")})
    perform(ground.officer, kinder, "submit")
    with pytest.raises(Conflict):
        state(ground.officer, kinder, {first.pk: Said("not_met")})
    assert todos_for(ground.inspector.user).count() == 1
    inspector = web(ground.inspector)
    silent = inspector.post(sheet, {f"checked-{first.pk}": "not_met"})
    assert (silent.status_code, "请写明理由" in silent.content.decode()) == (422, True)
    found = {f"checked-{first.pk}": "not_met", f"checked_note-{first.pk}": "摄像头朝向不对"}
    found |= {f"checked-{row.pk}": "met" for row in rest}
    assert inspector.post(sheet, found).status_code == 303
    perform(ground.inspector, kinder, "confirm")
    first.refresh_from_db()
    assert (first.verdict, first.checked, first.result) == ("met", "not_met", "not_met")
    listed = web(ground.bureau).get(kinder.get_absolute_url()).content.decode()
    assert "不达标，1 项应达未达" in listed
    category = RiskCategory.unguarded.create(org=ground.tree.county, code="tech", title="技防")
    raising = f"{first.get_absolute_url()}act/to_hazard"
    no = web(ground.bureau).post(f"{advice.get_absolute_url()}act/to_hazard", {"category": category.pk})
    assert no.status_code == 409
    for _ in range(2):
        web(ground.bureau).post(raising, {"category": category.pk})
    hazard = Hazard.unguarded.get()
    assert (hazard.source, hazard.org, "摄像头朝向不对" in hazard.detail) == ("tech", kinder.org, True)
    assert hazard.get_absolute_url() in web(ground.bureau).get(first.get_absolute_url()).content.decode()


@pytest.mark.requirement("N1.08")
def test_rates_are_counts_of_the_items_and_what_lacks_has_a_price(ground: Ground) -> None:
    survey, url = ground.survey(), "/site-security/compliance/"
    ground.set_all_up(ground.officer, survey)
    ground.fill(ground.officer, survey)
    gate, *_ = ground.rows(survey, "L03")
    state(ground.officer, survey, {gate.pk: Said("not_met")})
    excused = next(row for row in ground.rows(survey) if row.requirement.condition)
    state(ground.officer, survey, {excused.pk: Said("na", note="没有宿舍")})
    others = ground.rows(ground.survey(ground.tree.sister_school))
    blank = sum(row.result == "unfilled" for row in others)
    assert len(others) - blank == 1, "a day school needs no room for keepers"

    musts = [row for row in ground.rows(survey) if row.level == "must"]
    shoulds = [row for row in ground.rows(survey) if row.level == "should"]
    bureau = web(ground.bureau)
    by_school = bureau.get(f"{url}?by=school").content.decode()
    met, whole, ratio, *more = line(by_school, ground.tree.school.name)
    assert (int(met), int(whole)) == (len(musts) - 2, len(musts) - 1), "not applicable counts on neither side"
    assert ratio == f"{Decimal(100) * int(met) / int(whole):.1f}%"
    assert more == [str(len(shoulds)), str(len(shoulds)), "100.0%", "0"]
    other = line(by_school, ground.tree.sister_school.name)
    assert (other[0], other[2], int(other[1]) + int(other[4]), other[6]) == ("0", "0.0%", blank, str(blank))
    by_area = bureau.get(url).content.decode()
    town = line(by_area, ground.tree.township.name)
    assert int(town[1]) == int(whole) + int(other[1])
    by_kind = bureau.get(f"{url}?by=kind&area={ground.tree.school.pk}").content.decode()
    assert line(by_kind, "学校大门口")[:3] == ["3", "4", "75.0%"]
    by_measure = bureau.get(f"{url}?by=measure&area={ground.tree.school.pk}").content.decode()
    assert line(by_measure, "访客对讲")[:2] == ["1", "1"] if gate.measure != "intercom" else True
    total = re.search(r'<a href="(/site-security/statements/[^"]+)">', by_kind)
    listed = bureau.get(unescape(total[1])).content.decode() if total else ""
    assert re.search(r"条，共 \d+ 条", listed)

    create(
        ground.bureau,
        Price(org=ground.tree.county, requirement=gate.requirement, equipment="球机", amount=Decimal("5200")),
    )
    building = "/site-security/building/"
    needed = line(bureau.get(f"{building}?area={ground.tree.school.pk}").content.decode(), "球机")
    assert needed == ["1", "0", "5,200 元", "5,200 元", "0 元"]
    sheet = bureau.get(f"{building}?area={ground.tree.school.pk}&export=csv").content.decode("utf-8-sig")
    assert "球机" in sheet
    for page in (url, building):
        for far in (ground.tree.far_school, ground.tree.other_county):
            assert bureau.get(f"{page}?area={far.pk}&export=csv").status_code == 422
    mine = web(ground.officer).get(f"{url}?by=school").content.decode()
    assert ground.tree.sister_school.name not in mine
    assert web(Actor.person(a_user("staff", ground.tree.school))).get(url).status_code == 403


def test_a_school_without_survey_begins_one(ground: Ground) -> None:
    survey = begin(ground.bureau, ground.tree.units["S3"], ground.edition)
    assert {row.result for row in ground.rows(survey) if row.requirement.code != "W07"} == {"unfilled"}

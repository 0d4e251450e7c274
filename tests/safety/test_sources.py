"""Every source of hazards goes through the one door into the one register (D03.1)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from anlan.base.found import Found
from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.reporting import open_rounds, report_incident
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.domains.site_security.laying_out import set_up
from anlan.domains.site_security.stating import Said, state
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.files.api import attach, attachments_of
from anlan.engines.registry.api import RiskCategory
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected
from tests.factories import a_tree
from tests.safety.conftest import County
from tests.safety.fieldcases import special_part
from tests.safety.loops import Loop, listed, photo, signed_in
from tests.safety.patrols import Patrol
from tests.site_security.conftest import Ground

pytestmark = pytest.mark.django_db
Way = tuple[str, Any]


def checked(source: str) -> Callable[[County], Way]:
    """A failed item of an inspection whose mode says the source, handed in, sent back and handed in again."""

    def find(county: County) -> Way:
        patrol = Patrol(county)
        patrol.mode = patrol.make_mode(title="另一种", source=source)
        task = patrol.done(patrol.task(), q1="fail", q2="pass")
        back = signed_in(patrol.bureau.user).post(f"{task.get_absolute_url()}act/send_back", {"reason": "补"})
        assert back.status_code == 303
        task = patrol.done(InspectionTask.objects.unscoped().get(pk=task.pk), q1="fail", q2="pass")
        [finding] = findings_of(task)
        asked = signed_in(patrol.lin.user).post(
            f"{finding.get_absolute_url()}act/raise_hazard", {"grade": ""}
        )
        assert asked.status_code == 409
        return task.get_absolute_url(), patrol.bureau.user

    return find


def special(county: County) -> Way:
    """An item of a special check its school found wanting."""
    patrol = Patrol(county)
    part = special_part(patrol)
    row = part.results.first()
    row.school_verdict, row.school_text = "fail", "堆放杂物"
    row.save()
    client, url = signed_in(patrol.school.user), f"/safety/special-parts/{part.pk}/hazard/{row.pk}"
    assert client.post(url, {}).status_code == 422
    for _ in range(2):
        assert client.post(url, {"category": county.category.pk}).status_code == 303
    return part.get_absolute_url(), patrol.school.user


def quick(**kind: Any) -> Callable[[County], Way]:
    """A quick report of a kind, sent twice by the phone and turned twice by its handler."""

    def find(county: County) -> Way:
        loop = Loop(county)
        said = {"org": county.units["county"], "title": "设施", "category": county.category} | kind
        stored = create(SYSTEM, QuickKind(**said))
        client, school = signed_in(loop.school.user), county.units["school"]
        body = {"kind": stored.pk, "place": "东楼", "urgency": "normal", "text": "栏杆松动", "uid": uuid4()}
        for lacking in ("kind", "place"):
            short = {name: value for name, value in body.items() if name != lacking}
            refused = client.post("/safety/quick/new", short)
            assert (refused.status_code, lacking in refused.context["form"].errors) == (422, True)
        for _ in range(2):
            assert client.post("/safety/quick/new", body).status_code == 303
        report = QuickReport.objects.unscoped().get(org=school)
        url = report.get_absolute_url()
        assert client.post(f"{url}act/turn", {"reported_up": "on"}).status_code == 303
        assert client.post(f"{url}act/turn", {"reported_up": "on"}).status_code == 409
        return url, loop.school.user

    return find


def turned(client: Any, url: str, category: RiskCategory) -> None:
    """Made into a hazard on the record's page, after two refusals by field; the second time in vain."""
    said = {"title": "栏杆断裂", "place": "二楼", "category": category.pk}
    for lacking in ("title", "category"):
        short = {name: value for name, value in said.items() if name != lacking}
        refused = client.post(f"{url}act/to_hazard", short)
        assert (refused.status_code, lacking in refused.context["form"].errors) == (422, True)
    assert client.post(f"{url}act/to_hazard", said).status_code == 303
    assert client.post(f"{url}act/to_hazard", said).status_code == 409


def incident(county: County) -> Way:
    """An incident registered at the bureau."""
    loop = Loop(county)
    said = {"org": county.units["school"], "title": "学生坠落", "course": "栏杆断裂，一人擦伤"}
    row = create(loop.bureau, Incident(**said))
    attach(loop.bureau, row, photo(), "evidence")
    turned(signed_in(loop.bureau.user), row.get_absolute_url(), county.category)
    assert len(attachments_of(Hazard.unguarded.get(), "before")) == 1
    return row.get_absolute_url(), loop.bureau.user


def report(county: County) -> Way:
    """An incident a school reported in the day's round."""
    loop = Loop(county)
    said = {"org": county.units["county"], "title": "每日报告", "ends_on": clock.today() + timedelta(days=9)}
    item = create(loop.bureau, ReportItem(org=county.units["county"], title="设施"))
    plan = create(loop.bureau, ReportPlan(repeat="daily", **said))
    plan.named.set([county.units["school"]])
    with clock.moved(datetime.combine(clock.today(), time(8), clock.zone())):
        open_rounds(loop.bureau, plan)
        row = SafetyReport.objects.unscoped().get(org=county.units["school"])
        report_incident(loop.school, row, [item], "二楼栏杆断裂", photos=[photo()])
        turned(signed_in(loop.bureau.user), row.get_absolute_url(), county.category)
    assert len(attachments_of(Hazard.unguarded.get(), "before")) == 1
    return row.get_absolute_url(), loop.bureau.user


def technical(county: County) -> Way:
    """A requirement of technical protection the inspector found unmet."""
    ground = Ground(a_tree())
    category = RiskCategory.unguarded.create(org=ground.tree.county, code="tech", title="技防")
    survey = ground.survey()
    set_up(ground.officer, survey, kind=ground.kind("L03"), name="南大门")
    row = next(one for one in ground.rows(survey, "L03") if one.level == "must" and one.place)
    state(ground.officer, survey, {row.pk: Said("not_met", files=[photo()])})
    client, url = signed_in(ground.bureau.user), f"{row.get_absolute_url()}act/to_hazard"
    refused = client.post(url, {})
    assert (refused.status_code, "category" in refused.context["form"].errors) == (422, True)
    assert client.post(url, {"category": category.pk}).status_code == 303
    assert client.post(url, {"category": category.pk}).status_code == 409
    hazard = Hazard.unguarded.get()
    assert hazard.get_absolute_url() in client.get(row.get_absolute_url()).content.decode()
    assert (hazard.place, len(attachments_of(hazard, "before"))) == ("南大门", 1)
    return row.get_absolute_url(), ground.bureau.user


SOURCES: dict[str, tuple[str, str, Callable[[County], Way]]] = {
    "scheduled inspection": ("routine", "日常巡查", checked("routine")),
    "spot check": ("spot", "抽查", checked("spot")),
    "special check": ("special", "专项检查", special),
    "self check": ("self", "学校自查", checked("self")),
    "incident": ("incident", "安全事件", incident),
    "incident reported": ("incident", "安全事件", report),
    "quick report": ("quick", "随手报", quick()),
    "confidential quick report": ("quick", "随手报", quick(confidential=True)),
    "quick report of another department": ("quick", "随手报", quick(title="食堂", department="后勤")),
    "technical protection": ("tech", "技防检查", technical),
}


def test_every_source_there_is_has_its_case() -> None:
    assert {source for source, _, _ in SOURCES.values()} == set(Source.values)


@pytest.mark.requirement("D03.1")
@pytest.mark.parametrize("case", SOURCES)
def test_a_finding_of_any_source_stands_once_in_the_register_with_its_way_back(
    county: County, case: str
) -> None:
    source, label, find = SOURCES[case]
    origin, reader = find(county)
    hazard = Hazard.objects.unscoped().get()
    assert hazard.category.title
    if case != "confidential quick report":
        assert listed(reader, "/safety/hazards/", f"source={source}") == [hazard.number]
    client = signed_in(reader)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert f'<a href="{origin}">查看{label}</a>' in page
    assert hazard.get_absolute_url() in client.get(origin).content.decode(), "and the way on"
    assert client.get("/safety/hazards/").content.decode().count(f">{label}<") >= 1


@pytest.mark.requirement("D03.1")
@pytest.mark.parametrize("source", Source.values)
@pytest.mark.parametrize("missing", ["org", "title", "category"])
def test_the_door_refuses_by_field_whatever_the_source(county: County, source: str, missing: str) -> None:
    said = {"org": county.units["school"], "title": "栏杆断裂", "category": county.category}
    del said[missing]
    with pytest.raises(Rejected) as refused:
        file_hazard(SYSTEM, Hazard(source=source, source_key=f"{source}:1", **said))
    assert missing in refused.value.fields
    assert not Hazard.objects.unscoped().exists()


@pytest.mark.parametrize("missing", ["org", "title", "category"])
def test_the_page_refuses_by_field_what_is_entered_by_hand(county: County, missing: str) -> None:
    said = {"org": county.units["school"].pk, "title": "栏杆断裂", "category": county.category.pk}
    said |= {"source": "spot", "found_at": f"{clock.now().astimezone(clock.zone()):%Y-%m-%dT%H:%M}"}
    client = signed_in(Loop(county).bureau.user)
    answer = client.post(
        "/safety/hazards/new", {name: value for name, value in said.items() if name != missing}
    )
    assert answer.status_code == 422
    assert missing in answer.context["form"].errors
    assert not Hazard.objects.unscoped().exists()


def test_an_incident_started_from_a_finding_leads_to_the_findings_hazard(county: County) -> None:
    patrol = Patrol(county)
    patrol.mode = patrol.make_mode(title="不自动", raises_hazards=False)
    task = patrol.done(patrol.task(), q1="fail", q2="pass")
    [finding] = findings_of(task)
    client, lin = signed_in(patrol.bureau.user), signed_in(patrol.lin.user)
    said = {
        "category": county.category.pk,
        "title": "起火",
        "happened_at": "2026-01-05T09:00",
        "course": "灭火器失效",
    }
    client.post(f"{finding.get_absolute_url()}act/to_incident", said)
    row = Incident.objects.unscoped().get()
    turned(client, row.get_absolute_url(), county.category)
    finding.refresh_from_db()
    assert finding.hazard == Hazard.objects.unscoped().get()
    assert lin.post(f"{finding.get_absolute_url()}act/raise_hazard", {"grade": ""}).status_code == 409


def test_a_finding_of_a_module_to_come_is_filed_once(county: County) -> None:
    loop = Loop(county)
    origin = create(loop.bureau, Incident(org=county.units["school"], title="别的记录", course="经过"))
    shot = attach(loop.bureau, origin, photo(), "evidence")
    for _ in range(2):
        events.publish(Found(loop.inspector, origin, "incident", "栏杆断裂", "fire", pictures=[shot]))
    hazard = Hazard.objects.unscoped().get()
    assert (hazard.source_url, len(attachments_of(hazard, "before"))) == (origin.get_absolute_url(), 1)
    with pytest.raises(Rejected):
        events.publish(Found(loop.inspector, origin, "incident", "栏杆断裂", "unknown", key="2"))

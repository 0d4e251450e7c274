"""Safety reports: two taps when all is well, silence settled once, incidents commanded (D11.11-D11.13, S08.4)."""

import threading
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from anlan.domains.safety.reporting import (
    choose,
    open_rounds,
    report_incident,
    settle_silent,
    start_emergency,
)
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.engines.audit.api import create
from anlan.engines.messaging.api import messages_for
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import Report, run_plans, todos_for, traces
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.factories import a_user, sign_in
from tests.telling.conftest import Town, main_of, opened, web

pytestmark = pytest.mark.django_db
URL = "/safety/reports/"


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    day = clock.today() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), clock.zone())


@pytest.fixture
def daily(town: Town) -> ReportPlan:
    """A daily round of the bureau for all its schools, due at 17:00; silence means safe."""
    said = {"org": town.county, "title": "每日安全报告", "ends_on": clock.today() + timedelta(days=30)}
    plan = create(web(town.clerk), ReportPlan(repeat="daily", **said))
    for title in ("食品安全", "交通事故"):
        create(web(town.clerk), ReportItem(org=town.county, title=title))
    with clock.moved(at(8)):
        open_rounds(web(town.clerk), plan)
    return plan


def of(town: Town, code: str) -> SafetyReport:
    return SafetyReport.objects.unscoped().select_related("org", "round__plan").get(org=town[code])


def results(town: Town) -> dict[str, str]:
    return dict(SafetyReport.unguarded.values_list("org__code", "verdict"))


def listed(client, query: str) -> set[str]:
    page = main_of(client.get(f"{URL}?{query}")).split('id="rows"')[1]
    return {name for name in ("池店一小", "池店二小", "陈埭中学", "南安一中") if f">{name}<" in page}


def test_silence_becomes_safe_by_default_once_and_a_later_incident_stays_beside_it(town, daily):
    school = OrgUnit.objects.create(code="S8", name="新校", kind="school", parent=town["3505821"])
    with clock.moved(at(17, 1)):
        assert settle_silent() == 3
        assert settle_silent() == 0
    assert results(town) == dict.fromkeys(("S1", "S2", "S3"), "default")
    assert not SafetyReport.unguarded.filter(org=school).exists()
    assert not todos_for(town.heads["S1"]).exists()
    report, item = of(town, "S1"), ReportItem.unguarded.first()
    with clock.moved(at(18)):
        report_incident(web(town.heads["S1"]), report, [item], "放学后有学生受伤")
    report.refresh_from_db()
    assert (report.verdict, report.late) == ("incident", True)
    said = [(row.number, row.values["verdict"], row.by, row.late) for row in traces(Report, report)]
    assert said == [(1, "default", None, False), (2, "incident", town.heads["S1"], True)]


def test_in_a_strict_round_silence_is_not_reported_and_may_still_be_mended_late(town, daily, client):
    SafetyReport.unguarded.all().delete()
    daily.rounds.all().delete()
    strict = create(
        web(town.clerk),
        ReportPlan(org=town.county, title="专项报告", ends_on=clock.today(), silence="missing"),
    )
    choose(web(town.clerk), strict, {"kinds": ["kindergarten"]})
    with clock.moved(at(8)):
        open_rounds(web(town.clerk), strict)
    assert set(results(town)) == {"S2", "S3"}
    with clock.moved(at(17, 1)):
        assert settle_silent() == 2
        assert settle_silent() == 0
        assert set(results(town).values()) == {"missing"}
        sign_in(client, town.heads["S2"])
        assert client.post(f"{URL}{of(town, 'S2').pk}/act/safe").status_code == 303
    assert results(town)["S2"] == "safe"
    assert of(town, "S2").late


@pytest.mark.django_db(transaction=True)
def test_a_report_at_the_very_deadline_and_the_job_leave_one_result(town, daily):
    report, gate, lost = of(town, "S1"), threading.Barrier(2), []

    def school() -> None:
        gate.wait()
        try:
            with clock.moved(at(17, 1)):
                from_school = (
                    SafetyReport.objects.unscoped().select_related("org", "round__plan").get(pk=report.pk)
                )
                report_incident(web(town.heads["S1"]), from_school, [ReportItem.unguarded.first()], "火情")
        except Conflict:
            lost.append("school")
        connection.close()

    def job() -> None:
        gate.wait()
        with clock.moved(at(17, 1)):
            settle_silent()
        connection.close()

    threads = [threading.Thread(target=run) for run in (school, job)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = SafetyReport.unguarded.get(pk=report.pk)
    rows = [row.values["verdict"] for row in traces(Report, found)]
    assert len(rows) == len(set(rows))
    assert found.verdict == rows[-1]
    assert (found.verdict == "incident") == (not lost)


@pytest.mark.requirement("D11.11")
def test_the_bureau_sees_three_kinds_and_switches_emergency_handling_on_once(town, daily, client):
    item = ReportItem.unguarded.get(title="交通事故")
    with clock.moved(at(9)):
        sign_in(client, town.heads["S1"])
        assert client.post(f"{URL}{of(town, 'S1').pk}/act/safe").status_code == 303
        sign_in(client, town.heads["S2"])
        url = f"{URL}{of(town, 'S2').pk}/act/incident"
        assert client.post(url, {"text": "校门口剐蹭"}).status_code == 422
        assert client.post(url, {"items": [item.pk]}).status_code == 422
        assert of(town, "S2").verdict == "waiting"
        said = {"items": [item.pk], "text": "校门口剐蹭", "emergency": "on"}
        assert client.post(url, said).status_code == 303
        assert messages_for(town.clerk).filter(event="safety.incident.urgent").count() == 1
    with clock.moved(at(17, 1)):
        settle_silent()
        leader, viewer = a_user("bureau_leader", town.county), a_user("bureau_viewer", town.county)
        round_ = of(town, "S2").round_id
        for agent in ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone) MicroMessenger"):
            sign_in(client, leader)
            client.defaults["HTTP_USER_AGENT"] = agent
            assert listed(client, f"round={round_}&verdict=safe") == {"池店一小"}
            assert listed(client, f"round={round_}&verdict=default") == {"陈埭中学"}
            assert listed(client, f"round={round_}&verdict=incident") == {"池店二小"}
            assert (
                len(listed(client, f"round={round_}"))
                == SafetyReport.unguarded.filter(round=round_).count()
                == 3
            )
        incident = of(town, "S2").get_absolute_url()
        page = opened(client, incident)
        for words in ("交通事故", "校门口剐蹭", "请求应急", "启动应急处置"):
            assert words in page
        assert [todo.title for todo in todos_for(leader)] == ["是否启动应急处置：池店二小"]
        sign_in(client, viewer)
        page = opened(client, incident)
        assert "请求应急" in page
        assert "启动应急处置" not in page
        assert client.post(f"{incident}act/emergency").status_code == 403
        sign_in(client, leader)
        assert client.post(f"{incident}act/emergency").status_code == 303
        assert client.post(f"{incident}act/emergency").status_code == 409
        with pytest.raises(Conflict):
            start_emergency(web(town.clerk), of(town, "S2"))
        assert "已启动应急" in opened(client, incident)
        assert not todos_for(leader).exists()
        assert messages_for(town.heads["S2"]).filter(event="safety.emergency").count() == 1


def test_each_day_has_its_round_and_no_school_reports_for_another(town, daily, client):
    for _ in range(2):
        with clock.moved(at(8, days=1)):
            run_plans()
    assert SafetyReport.unguarded.filter(org=town["S1"]).count() == 2
    foreign = SafetyReport.unguarded.filter(org=town["S1"]).first()
    sign_in(client, town.heads["S2"])
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert client.post(f"{foreign.get_absolute_url()}act/safe").status_code == 404
    assert client.post(f"{foreign.get_absolute_url()}act/incident", {"text": "x"}).status_code == 404
    assert results(town)["S1"] == "waiting"


def test_the_bureau_opens_rounds_in_the_browser_and_reads_figures_with_lists(town, client):
    sign_in(client, town.clerk)
    today = clock.today()
    said = {
        "org": town.county.pk, "title": "汛期报告", "starts_on": today, "ends_on": today + timedelta(days=3),
        "repeat": "daily", "deadline_days": 0, "deadline_time": "23:59", "remind_hours": 1, "silence": "default",
    }  # fmt: skip
    assert client.post("/safety/report-plans/new", said).status_code == 303
    plan = ReportPlan.unguarded.get()
    url = plan.get_absolute_url()
    assert client.post(f"{url}act/choose", {"named": [town["S4"].pk]}).status_code == 422
    assert (
        client.post(f"{url}act/choose", {"kinds": ["kindergarten"], "named": [town["S1"].pk]}).status_code
        == 303
    )
    assert "每轮 3 所学校收到" in opened(client, url)
    assert client.post(f"{url}act/issue").status_code == 303
    assert client.post(f"{url}edit", said).status_code == 409
    page = opened(client, url)
    round_ = plan.rounds.get()
    assert f'href="{URL}?round={round_.pk}&amp;verdict=waiting">3<' in page
    assert len(listed(client, f"round={round_.pk}&verdict=waiting")) == 3
    assert "今天应报 3 份：待报 3" in opened(client, URL)
    assert "今天的安全报告" in opened(client, "/")

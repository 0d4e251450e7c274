"""What the lead sums up, the report on it, and the problems a kindergarten puts right (KG.20-KG.27)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.rounds.api import appoint, collected, review
from anlan.engines.tasks.api import todos_for
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user
from tests.kindergarten.garden import Garden
from tests.rounds.hall import Assessor, actor, browser, create

pytestmark = pytest.mark.django_db


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("整改后.txt", "已整改".encode(), content_type="text/plain")


def report_of(garden: Garden, verdict: Any) -> Any:
    return appoint(garden.lead, verdict, garden.writer)


def now(record: Any) -> Any:
    return type(record).unguarded.get(pk=record.pk)


@pytest.mark.requirement("KG.20")
def test_the_lead_sums_up_what_the_judges_wrote_and_confirms_it(garden: Garden) -> None:
    round_ = garden.aggregated()
    verdict, lead = garden.verdict(round_), browser(garden.lead.user)
    url = f"{garden.stem}/verdicts/{verdict.pk}/act/review"
    page = lead.get(f"{garden.stem}/verdicts/{verdict.pk}/act/review").content.decode()
    heard = collected(verdict)
    assert heard["C1"]["opinion"] == "评委甲：材料完整\n评委乙：材料完整"
    assert heard["A2"]["demand"] == "评委丙：补齐记录"
    assert "评委甲：材料完整" in page
    form = {f"final-{leaf}": one["final"] for leaf, one in verdict.scores.items()}
    form |= {f"text-opinion-{leaf}": "总体良好" for leaf in verdict.scores}
    form |= {f"text-demand-{leaf}": "" for leaf in verdict.scores} | {"text-demand-C1": "补签责任书"}
    assert lead.post(url, form | {"text-opinion-C2": " "}).status_code == 422
    for user in (garden.office.user, garden.judges[0], garden.heads[0].user, garden.writer):
        assert browser(user).post(url, form).status_code in {403, 404}
    with pytest.raises(Conflict, match="没有汇总意见"):
        garden.move(round_, "confirm", garden.lead)
    assert lead.post(url, form).status_code == 303
    verdict = now(verdict)
    assert verdict.scores["C1"]["texts"] == {"opinion": "总体良好", "demand": "补签责任书"}
    assert garden.sheet(round_, 0).scores["C1"]["opinion"] == "材料完整", "the originals stay"
    with pytest.raises(Conflict, match=garden.schools[1].name):
        garden.move(round_, "confirm", garden.lead)
    review(garden.lead, garden.verdict(round_, 1), {}, collected(garden.verdict(round_, 1)))
    for user in (garden.judges[0], garden.heads[0].user):
        answer = browser(user).get(f"{garden.stem}/verdicts/{verdict.pk}/")
        assert answer.status_code in {403, 404}
    with pytest.raises(Forbidden):
        garden.move(round_, "confirm", garden.office)
    garden.move(round_, "confirm", garden.lead)
    with pytest.raises(Conflict):
        review(garden.lead, verdict, {}, {"C1": {"opinion": "改口", "demand": ""}})
    assert lead.post(url, form).status_code == 409


@pytest.mark.requirement("KG.10", "KG.21")
def test_a_writer_from_the_list_is_appointed_after_the_confirmation(garden: Garden) -> None:
    round_ = garden.aggregated()
    verdict, lead = garden.verdict(round_), browser(garden.lead.user)
    url = f"{garden.stem}/verdicts/{verdict.pk}/act/appoint"
    assert lead.post(url, {"writer": garden.writer.pk}).status_code == 409
    garden.announce(round_)
    other = a_user("report_writer", garden.tree.county, name="未列入")
    for wrong in (garden.judges[0].pk, other.pk):
        assert lead.post(url, {"writer": wrong}).status_code == 422
    assert browser(garden.office.user).post(url, {"writer": garden.writer.pk}).status_code == 403
    assert lead.post(url, {"writer": garden.writer.pk}).status_code == 303
    report = garden.table("Report").unguarded.get()
    for user in (garden.judges[0], garden.heads[0].user):
        written = browser(user).post(f"{garden.stem}/reports/{report.pk}/act/write", {"body": "改"})
        assert written.status_code in {403, 404}
    todo = todos_for(garden.writer).get()
    page = browser(garden.writer).get(todo.url).content.decode()
    assert "33.50" in page
    assert "评委甲：材料完整" in page, "it begins with what was confirmed"


@pytest.mark.requirement("KG.25")
def test_a_report_needs_a_day_for_its_demands(garden: Garden) -> None:
    report = report_of(garden, garden.verdict(garden.confirmed()))
    writer = browser(garden.writer)
    stem = f"{garden.stem}/reports/{report.pk}"
    assert "补齐记录" in report.body
    assert report.problems.count() == 3
    other = a_user("report_writer", garden.tree.county, name="另一编写员")
    create(garden.office, Assessor(org=garden.tree.county, user=other, judges=False, writes=True))
    assert browser(other).get(f"{stem}/").status_code == 404
    assert browser(other).post(f"{stem}/act/write", {"body": "改"}).status_code == 404
    assert writer.post(f"{stem}/act/write", {"body": "报告全文"}).status_code == 303
    assert now(report).body == "报告全文"
    assert writer.post(f"{stem}/move/submit").status_code == 422
    perform_day(garden, report, -1)
    with pytest.raises(Rejected, match="不能早于今天"):
        garden.move(report, "submit", actor(garden.writer))
    perform_day(garden, report, 30)
    assert writer.post(f"{stem}/move/submit").status_code == 303
    assert now(report).state == "submitted"


def perform_day(garden: Garden, report: Any, days: int) -> None:
    """The day of the rectification, counted from today."""
    type(report).unguarded.filter(pk=report.pk).update(due_on=clock.today() + timedelta(days=days))


def handed_in(garden: Garden) -> Any:
    """A report that waits for the lead."""
    report = report_of(garden, garden.verdict(garden.confirmed()))
    perform_day(garden, report, 30)
    return garden.move(report, "submit", actor(garden.writer))


@pytest.mark.requirement("KG.22")
def test_the_lead_confirms_a_report_or_returns_it(garden: Garden) -> None:
    report = handed_in(garden)
    lead, head, url = (
        browser(garden.lead.user),
        browser(garden.heads[0].user),
        f"{garden.stem}/reports/{report.pk}/",
    )
    assert head.get(url).status_code == 404
    assert lead.post(f"{url}move/send_back", {"opinion": ""}).status_code == 422
    assert browser(garden.writer).post(f"{url}move/confirm").status_code == 403
    assert lead.post(f"{url}move/send_back", {"opinion": "依据不清"}).status_code == 303
    assert "依据不清" in browser(garden.writer).get(url).content.decode()
    assert browser(garden.writer).post(f"{url}move/submit").status_code == 303
    assert lead.post(f"{url}move/confirm").status_code == 303
    assert lead.post(f"{url}move/confirm").status_code == 409
    assert browser(garden.writer).post(f"{url}act/write", {"body": "改口"}).status_code == 409
    page = head.get(url).content.decode()
    assert "C1 责任落实" in page
    printed = head.get(f"{url}print")
    assert printed.status_code == 200
    assert "责任落实" in printed.content.decode()
    assert browser(garden.heads[1].user).get(url).status_code == 404


@pytest.mark.requirement("KG.23")
def test_each_problem_is_put_right_and_confirmed_apart(garden: Garden) -> None:
    report = handed_in(garden)
    first, second, third = report.problems.order_by("pk")
    head, lead = browser(garden.heads[0].user), browser(garden.lead.user)
    stem = f"{garden.stem}/problems/"
    with pytest.raises(Conflict):
        perform(garden.heads[0], first, "answer", {"answer": "早了"}, files={"after": 1})
    garden.move(report, "confirm", garden.lead)
    assert todos_for(garden.heads[0].user).count() == 3
    assert head.post(f"{stem}{first.pk}/move/answer", {"answer": "已补签"}).status_code == 422, (
        "evidence is owed"
    )
    with pytest.raises(Conflict):
        garden.move(first, "accept", garden.lead)
    for problem in (first, second, third):
        said = {"answer": "已补签", "after": photo()}
        assert head.post(f"{stem}{problem.pk}/move/answer", said).status_code == 303
    assert browser(garden.heads[1].user).get(f"{stem}{first.pk}/").status_code == 404
    assert browser(garden.office.user).post(f"{stem}{first.pk}/move/accept").status_code == 403
    assert lead.post(f"{stem}{first.pk}/move/accept").status_code == 303
    assert lead.post(f"{stem}{second.pk}/move/send_back", {"opinion": ""}).status_code == 422
    assert lead.post(f"{stem}{second.pk}/move/send_back", {"opinion": "照片不清"}).status_code == 303
    assert lead.post(f"{stem}{third.pk}/move/accept").status_code == 303
    assert now(report).state == "confirmed"
    assert "照片不清" in head.get(f"{stem}{second.pk}/").content.decode()
    with clock.moved(clock.now() + timedelta(days=40)):
        later = browser(garden.lead.user).get(f"{stem}?round={report.round_id}").content.decode()
        assert "逾期" in later
    assert (
        head.post(f"{stem}{second.pk}/move/answer", {"answer": "重拍", "after": photo()}).status_code == 303
    )
    assert lead.post(f"{stem}{second.pk}/move/accept").status_code == 303
    assert now(report).state == "closed"


def test_a_report_without_demands_is_closed_when_it_is_confirmed(garden: Garden) -> None:
    round_ = garden.aggregated()
    for verdict in (garden.verdict(round_), garden.verdict(round_, 1)):
        review(garden.lead, verdict, {}, {leaf: {"opinion": "良好", "demand": ""} for leaf in verdict.scores})
    garden.move(round_, "confirm", garden.lead)
    garden.move(round_, "announce")
    reports = [report_of(garden, garden.verdict(round_, school)) for school in (0, 1)]
    for report in reports:
        garden.move(report, "submit", actor(garden.writer))
    garden.move(reports[0], "confirm", garden.lead)
    assert now(reports[0]).state == "closed"
    with pytest.raises(Conflict, match="1 份报告"):
        garden.move(round_, "close")
    garden.move(reports[1], "confirm", garden.lead)
    assert garden.move(round_, "close").state == "closed"


def test_the_writer_adds_demands_to_the_own_report_only(garden: Garden) -> None:
    report = report_of(garden, garden.verdict(garden.confirmed()))
    writer = browser(garden.writer)
    form, url = {"leaf": "C2", "text": "修订应急预案"}, f"{garden.stem}/reports/{report.pk}/act/demand_more"
    assert writer.post(url, form).status_code == 303
    added = report.problems.get(text="修订应急预案")
    assert (added.org, added.round) == (report.org, report.round)
    reworded = {"leaf": "C2", "text": "修订应急预案并演练"}
    assert writer.post(f"{garden.stem}/problems/{added.pk}/act/reword", reworded).status_code == 303
    assert now(added).text == "修订应急预案并演练"
    perform_day(garden, report, 10)
    garden.move(report, "submit", actor(garden.writer))
    assert writer.post(url, form).status_code == 409
    assert writer.post(f"{garden.stem}/problems/{added.pk}/act/reword", {"text": "改"}).status_code == 409
    assert report.problems.count() == 4

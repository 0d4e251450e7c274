"""The lead and a kindergarten on the phone: scores, report, feedback (KG.28-KG.31)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from anlan.engines.rounds.api import appoint
from anlan.kernel import clock
from tests.journeys.walk import PHONE, Walk
from tests.kindergarten.garden import Garden
from tests.rounds.hall import actor, browser
from tests.tasks.conftest import PNG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session", autouse=True)
def loop_allowed() -> Iterator[None]:
    """Playwright's loop runs in this thread; the database is made and emptied while it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def send_back(page: Page, why: str) -> None:
    """Return what is on the page, with a reason."""
    page.get_by_role("link", name="退回").or_(page.get_by_role("button", name="退回")).first.click()
    page.get_by_label("退回原因").fill(why)
    page.get_by_role("button", name="退回").last.click()


@pytest.mark.requirement("KG.28", "KG.29", "KG.30", "KG.31")
def test_scores_reports_and_feedback_are_read_and_confirmed_on_the_phone(
    live_server: Any, walk: Walk
) -> None:
    garden, page = Garden(), walk.page
    round_ = garden.announce(garden.aggregated())
    verdict = garden.verdict(round_)
    report = appoint(garden.lead, verdict, garden.writer)
    first, second, *rest = report.problems.order_by("pk")
    for problem in rest:
        garden.move(problem, "drop", actor(garden.writer))
    type(report).unguarded.filter(pk=report.pk).update(due_on=clock.today() + timedelta(days=9))
    garden.move(report, "submit", actor(garden.writer))

    scores = f"{garden.pages}/rounds/{round_.pk}/scores?at=C1"
    walk.as_(garden.lead.user, PHONE, scores)
    walk.look("scores")
    line = browser(garden.office.user).get(scores).context["lines"][0]
    row = page.get_by_role("row", name=garden.schools[0].name)
    for said in (line["own"], line["aggregated"], "评委甲：8", "评委乙：9"):
        expect(row).to_contain_text(said)
    url = f"{garden.stem}/reports/{report.pk}/"
    walk.as_(garden.lead.user, PHONE, url)
    walk.look("report")
    send_back(page, "依据不清")
    expect(page.get_by_text("退回修改").first).to_be_visible()
    assert "依据不清" in browser(garden.writer).get(url).content.decode()
    garden.move(report, "submit", actor(garden.writer))
    page.goto(walk.base + url)
    page.get_by_role("button", name="确认报告").first.click()
    expect(page.get_by_text("整改中").first).to_be_visible()
    assert browser(garden.lead.user).post(f"{url}move/confirm").status_code == 409, "from the PC, once more"

    head = browser(garden.heads[0].user)
    for problem in (first, second):
        said = {"answer": "已补齐", "after": SimpleUploadedFile("整改后.png", PNG, "image/png")}
        answered = head.post(f"{garden.stem}/problems/{problem.pk}/move/answer", said)
        assert answered.status_code == 303
    walk.as_(garden.lead.user, PHONE, f"{garden.stem}/problems/{first.pk}/")
    walk.look("feedback")
    expect(page.get_by_text("已补齐").first).to_be_visible()
    expect(page.get_by_role("figure").get_by_role("img").first).to_be_visible()
    page.get_by_role("button", name="确认整改").first.click()
    expect(page.get_by_text("已确认").first).to_be_visible()
    url = f"{garden.stem}/problems/{second.pk}/"
    walk.as_(garden.lead.user, PHONE, url)
    send_back(page, "照片看不清")
    expect(page.get_by_text("退回整改").first).to_be_visible()
    shown = browser(garden.lead.user).get(url).content.decode()
    assert "退回整改" in shown
    assert "照片看不清" in shown
    for user in (garden.judges[0], garden.heads[1].user):
        other = browser(user)
        assert other.get(scores).status_code in {403, 404}
        assert other.post(f"{url}move/accept").status_code in {403, 404}

    walk.as_(garden.heads[0].user, PHONE, f"{garden.stem}/verdicts/{verdict.pk}/")
    walk.look("own scores")
    for said in ("8.50", "33.50", "评委甲", "评委丙"):
        expect(page.get_by_text(said).first).to_be_attached()
    assert head.get(f"{garden.stem}/verdicts/{garden.verdict(round_, 1).pk}/").status_code == 404

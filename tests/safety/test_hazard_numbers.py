"""The rectification report and the numbers of the phone are those of the lists."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from anlan.domains.safety.hazards import Hazard
from anlan.engines.analytics.api import sheets
from anlan.engines.analytics.sheets import Crosstab
from anlan.engines.registry.api import Listing, ledgers
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County
from tests.safety.loops import Loop, listed, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop(county: County) -> Loop:
    return Loop(county)


def a_known_set(loop: Loop) -> None:
    """Seven: two rectified (one struck off), two under way (one late), one false, two not judged."""
    made = [
        loop.hazard("second" if n == 1 else "school", source="spot" if n < 3 else "quick") for n in range(7)
    ]
    loop.close(loop.confirm(made[0]))
    loop.to_recheck(loop.confirm(made[1]))
    perform(loop.inspector, made[1], "pass_recheck")
    loop.confirm(made[2])
    loop.to_recheck(loop.confirm(made[3]))
    perform(loop.bureau, made[4], "dismiss", {"opinion": "没有"})
    Hazard.unguarded.filter(pk=made[2].pk).update(due_at=clock.now() - timedelta(days=1))


def table(user: Any, by: str = "category", more: str = "") -> dict[str, list[Any]]:
    """The report's lines by their words."""
    sheet = sheets["safety.hazard_report"]
    report = Crosstab(sheet, sheet.grouping(by), more, user)
    return {line.title: [cell.value for cell in line.cells] for line in [*report.lines(), report.total()]}


@pytest.mark.requirement("D03.9")
def test_the_report_matches_a_hand_count(loop: Loop) -> None:
    a_known_set(loop)
    bureau, url = loop.bureau.user, "/analysis/safety/hazard-report/"
    # found, confirmed, false, not judged, rectified, unrectified, overdue
    assert table(bureau) == {"消防安全": [7, 4, 1, 2, 2, 2, 1], "合计": [7, 4, 1, 2, 2, 2, 1]}
    assert table(bureau, "org") == {
        "school": [6, 3, 1, 2, 1, 2, 1], "second": [1, 1, 0, 0, 1, 0, 0], "合计": [7, 4, 1, 2, 2, 2, 1],
    }  # fmt: skip
    assert set(table(bureau, "town")) == {"town", "other_town", "合计"}
    assert table(bureau, "source")["抽查"] == [3, 3, 0, 0, 2, 1, 1]
    assert set(table(bureau, "month")) == {f"{clock.today():%Y-%m}", "合计"}
    for found, _, false, unjudged, done, open_, _ in table(bureau, "org").values():
        assert found == done + open_ + false + unjudged
    client = signed_in(bureau)
    assert "50.0%" in client.get(url).content.decode()
    empty = client.get(f"{url}?found_at_from=2020-01-01&found_at_to=2020-01-31").content.decode()
    assert "这段时间没有记录" in empty
    assert "%" not in empty[empty.index('id="main"') :].split("</main>")[0].replace('width="100%"', "")
    assert client.get(f"{url}?found_at_from=2026-02-01&found_at_to=2026-01-01").status_code == 422
    sheet = client.get(f"{url}export?format=xlsx&by=org")
    assert sheet.content[:2] == b"PK"
    assert client.get(f"{url}export?format=pdf").content[:4] == b"%PDF"
    lines = client.get(f"{url}export?format=csv&by=org").content.decode("utf-8-sig").splitlines()
    assert lines[1] == "school,6,3,1,2,1,2,1,33.3%"
    assert signed_in(loop.second.user).get(url).context["lines"][-1].cells[0].value == 1


@pytest.mark.requirement("D11.8")
def test_the_four_numbers_of_the_phone_are_those_of_the_lists(loop: Loop) -> None:
    a_known_set(loop)
    phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 13) Mobile"}
    for user, wanted in ((loop.bureau.user, [7, 1, 2, 2]), (loop.second.user, [1, 0, 1, 0])):
        client = signed_in(user)
        for today in ("", f"?found_at_from={clock.today()}"):
            small, large = (
                client.get(f"/analysis/safety/hazard-report/{today}", **how) for how in (phone, {})
            )
            numbers = [int(stat.value) for stat in small.context["stats"]]
            assert numbers == wanted == [int(stat.value) for stat in large.context["stats"]]
            for stat in small.context["stats"]:
                path, _, query = stat.url.partition("?")
                assert len(listed(user, path, query)) == int(stat.value)
                assert client.get(stat.url, **phone).status_code == 200
    per_school = signed_in(loop.bureau.user).get("/analysis/safety/hazard-report/?by=org", **phone)
    for line in per_school.context["lines"]:
        for cell in line.cells:
            query = QueryDict(cell.url.partition("?")[2])
            assert Listing(ledgers["safety.hazards"], loop.bureau.user, query).total == cell.value
    hazard = Hazard.objects.unscoped().get(state="recheck")
    page = signed_in(loop.school.user).get(hazard.get_absolute_url(), **phone).content.decode()
    rounds = page[page.index('id="rounds_so_far-h"') :]
    assert rounds.index("提交整改") < rounds.index("审核通过")

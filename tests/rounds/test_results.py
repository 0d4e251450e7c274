"""Results: reviewed, ranked, looked up by participant and by indicator; and what is kept from whom."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from anlan.engines.rounds.api import review, submit_sheet, take_back
from anlan.kernel.errors import Rejected
from tests.factories import a_user
from tests.rounds.hall import Hall, actor, browser, run_job

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("SAF.39", "MOR.10")
def test_a_review_score_needs_a_reason_and_alone_decides(hall: Hall) -> None:
    round_ = hall.aggregated()
    second = hall.verdict(round_, 1)
    assert all(one["final"] == one["aggregated"] for one in second.scores.values())
    scores = dict(hall.sheet(round_, 0, 1).scores)
    with pytest.raises(Rejected):
        review(hall.office, second, {"A2": (Decimal(20), "")})
    with pytest.raises(Rejected):
        review(hall.office, second, {"A2": (Decimal("20.5"), "太高")})
    assert browser(hall.heads[1].user).post(f"{hall.stem}/verdicts/{second.pk}/act/review").status_code in {
        403,
        404,
    }
    assert browser(hall.judges[0]).post(f"{hall.stem}/verdicts/{second.pk}/act/review").status_code in {
        403,
        404,
    }
    leader = browser(a_user("bureau_leader", hall.tree.county))
    assert leader.get(f"{hall.stem}/verdicts/{second.pk}/").status_code == 200
    assert leader.post(f"{hall.stem}/verdicts/{second.pk}/act/review").status_code == 403
    form = {f"final-{leaf}": one["aggregated"] for leaf, one in second.scores.items()}
    form |= {"final-C1": "10", "reason-C1": "补充材料核实", "final-C2": "5", "reason-C2": "现场核实"}
    form |= {"final-A2": "20", "reason-A2": "现场核实"}
    form |= {f"text-{code}-{leaf}": "汇总" for code in hall.process.summed for leaf in second.scores}
    office = browser(hall.lead.user)
    assert office.post(f"{hall.stem}/verdicts/{second.pk}/act/review", form).status_code == 303
    second = hall.verdict(round_, 1)
    assert (second.total, second.aggregated, second.rank) == (35, 29, 1)
    assert hall.verdict(round_).rank == 2
    assert hall.sheet(round_, 0, 1).scores == scores
    page = office.get(f"{hall.stem}/verdicts/{second.pk}/").content.decode()
    assert "现场核实" in page
    assert "评委甲" in page
    assert AuditEntry.objects.filter(action="review", object_id=str(second.pk)).exists()


def shown(client: Client, round_: Any) -> str:
    stem = "/" + round_.process.code.replace("_", "-")
    return str(client.get(f"{stem}/verdicts/?round={round_.pk}").content.decode())


@pytest.mark.requirement("MOR.11")
def test_who_has_no_result_stands_apart_from_the_order(hall: Hall) -> None:
    round_ = hall.published()
    hall.fill(round_)
    hall.panels(round_)
    round_ = hall.move(round_, "begin_scoring")
    for judge, said in enumerate(({"C1": "8", "C2": "5"}, {"C1": "9", "C2": "5"}, {"A2": "20"})):
        submit_sheet(actor(hall.judges[judge]), hall.score(hall.sheet(round_, judge), **said))
    hall.move(round_, "aggregate", hall.lead)
    run_job(round_)
    page = browser(hall.office.user).get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    order, apart = page.split("得分排行", 1)[1].split("还没有结果的 1 所")
    assert hall.schools[0].name in order
    assert hall.schools[1].name in apart
    assert (
        "还没有结果的"
        not in browser(hall.heads[0].user).get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    )


@pytest.mark.requirement("SAF.46", "MOR.11", "MOR.12")
def test_schools_stand_in_order_and_each_sees_itself_once_published(hall: Hall) -> None:
    round_ = hall.aggregated(equal=True)
    office, head = browser(hall.office.user), browser(hall.heads[0].user)
    own, other = hall.verdict(round_), hall.verdict(round_, 1)
    assert (own.rank, other.rank, own.total, other.total) == (1, 1, Decimal("33.50"), Decimal("33.50"))
    review(hall.office, other, {"C1": (Decimal(3), "核减")})
    order = shown(office, round_).split("<tbody", 1)[1]
    assert order.index(hall.schools[0].name) < order.index(hall.schools[1].name)
    assert head.get(f"{hall.stem}/verdicts/{own.pk}/").status_code == 404
    hall.announce(round_)
    page = head.get(f"{hall.stem}/verdicts/{own.pk}/").content.decode()
    for words in ("8.50", "20.00", "33.5", "评委甲", "评委丙"):
        assert words in page
    assert head.get(f"{hall.stem}/verdicts/{other.pk}/").status_code == 404
    mine = shown(head, round_).split("<tbody", 1)[1]
    assert hall.schools[0].name in mine
    assert hall.schools[1].name not in mine


@pytest.mark.requirement("SAF.47")
def test_an_indicator_is_looked_up_over_all_schools(hall: Hall) -> None:
    round_ = hall.judged()
    take_back(actor(hall.judges[2]), hall.sheet(round_, 2, 1))
    office, head = browser(hall.office.user), browser(hall.heads[0].user)
    url = f"{hall.pages}/rounds/{round_.pk}/scores"
    before = office.get(f"{url}?at=A2").content.decode()
    assert "未交" in before
    assert "已交" in before
    submit_sheet(actor(hall.judges[2]), hall.sheet(round_, 2, 1))
    hall.move(round_, "aggregate", hall.lead)
    run_job(round_)
    sums = {}
    for leaf in ("C1", "C2", "A2"):
        page = office.get(f"{url}?at={leaf}")
        sums[leaf] = sum(Decimal(line["final"]) for line in page.context["lines"])
        assert all(line["own"] and line["marks"] for line in page.context["lines"])
    assert sum(sums.values()) == sum(
        row.total for row in hall.table("Verdict").unguarded.filter(round=round_)
    )
    if not hall.process.own_rows:
        assert head.get(f"{url}?at=C1").status_code == 403
        return
    assert not head.get(f"{url}?at=C1").context["lines"]
    hall.announce(round_)
    lines = head.get(f"{url}?at=C1").context["lines"]
    assert [line["unit"] for line in lines] == [hall.schools[0]]
    assert lines[0]["marks"] == [("评委甲", "8"), ("评委乙", "9")]
    assert head.get(f"{hall.stem}/verdicts/{hall.verdict(round_, 1).pk}/").status_code == 404

"""After the aggregation a school or a judge's sheet is returned: exactly that, and what was built on it (MOR.09)."""

from decimal import Decimal
from typing import Any

import pytest

from anlan.engines.rounds.api import Said, replace_judge, return_sheet, review, save_item, submit_sheet
from anlan.engines.tasks.api import todos_for
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_user
from tests.rounds.hall import Assessor, Hall, actor, browser, create, run_job

pytestmark = pytest.mark.django_db


def again(hall: Hall, round_: Any) -> Any:
    """Aggregated once more."""
    hall.move(round_, "aggregate", hall.lead)
    run_job(round_)
    return type(round_).unguarded.get(pk=round_.pk)


@pytest.mark.requirement("MOR.09")
def test_a_returned_sheet_is_scored_anew_and_nothing_else(hall: Hall) -> None:
    round_ = hall.aggregated()
    review(hall.office, hall.verdict(round_, 1), {"A2": (Decimal(19), "现场核实")})
    sheet, office = hall.sheet(round_, 0), browser(hall.lead.user)
    url = f"{hall.stem}/verdicts/{hall.verdict(round_).pk}/act/send_back"
    assert office.post(url, {"sheet": sheet.pk, "opinion": " "}).status_code == 422
    for user in (hall.heads[0].user, hall.judges[1]):
        assert browser(user).post(url, {"sheet": sheet.pk, "opinion": "重评"}).status_code in {403, 404}
    assert hall.verdict(round_).total == Decimal("33.50")
    assert office.post(url, {"sheet": sheet.pk, "opinion": "C1 打分依据不足"}).status_code == 303
    assert hall.table("Round").unguarded.get(pk=round_.pk).state == "scoring"
    fresh = hall.sheet(round_, 0)
    assert (fresh.state, fresh.scores) == ("draft", sheet.scores)
    assert {one.title for one in todos_for(hall.judges[0])} == {f"评分：{round_}"}
    assert not todos_for(hall.judges[1]).exists()
    page = browser(hall.judges[0]).get(f"{fresh.desk}?at=C1").content.decode()
    assert "C1 打分依据不足" in page
    with pytest.raises(Conflict, match="评委甲"):
        hall.move(round_, "aggregate", hall.lead)
    assert hall.verdict(round_, 1).total == Decimal("30.00"), "the other school's review stands"
    submit_sheet(actor(hall.judges[0]), hall.score(fresh, C1="6"))
    round_ = again(hall, round_)
    assert hall.verdict(round_).total == Decimal("32.50")
    assert (hall.verdict(round_).rank, hall.verdict(round_, 1).rank) == (1, 2)
    assert hall.verdict(round_, 1).scores["A2"]["reason"] == "现场核实"
    page = office.get(f"{hall.stem}/verdicts/{hall.verdict(round_).pk}/").content.decode()
    assert "退回重评前的评分" in page
    assert hall.table("Sheet").unguarded.get(pk=sheet.pk).scores["C1"]["score"] == "8"
    hall.confirm(round_)
    with pytest.raises(Conflict, match="待公布"):
        return_sheet(hall.office, hall.sheet(round_, 1), "晚了")


@pytest.mark.requirement("MOR.09")
def test_a_returned_school_hands_in_anew_and_is_scored_anew(hall: Hall) -> None:
    round_ = hall.aggregated()
    entry, head, office = hall.entry(round_), hall.heads[0], browser(hall.office.user)
    url = f"{hall.stem}/entries/{entry.pk}/move/send_back"
    assert office.post(url, {"opinion": ""}).status_code == 422
    for user in (head.user, hall.judges[0]):
        assert browser(user).post(url, {"opinion": "重填"}).status_code in {403, 404}
    assert office.post(url, {"opinion": "自评程序有误"}).status_code == 303
    round_ = hall.table("Round").unguarded.get(pk=round_.pk)
    assert round_.state == "scoring"
    assert not hall.table("Verdict").unguarded.filter(entry=entry, archived_at=None).exists()
    assert not hall.table("Sheet").unguarded.filter(entry=entry, archived_at=None).exists()
    assert hall.sheet(round_, 0, 1).state == "submitted", "the other school's sheets stay"
    assert todos_for(head.user).filter(title=str(entry)).exists()
    with pytest.raises(Conflict, match=hall.schools[0].name):
        hall.move(round_, "aggregate", hall.lead)
    save_item(head, entry, "C1", Said(Decimal(9), "补充后", "缺一份"), version=1)
    page = office.get(f"{hall.stem}/entries/{entry.pk}/").content.decode()
    assert "自评程序有误" in page
    assert "按要求完成" in page, "what was said before stays readable"
    hall.move(entry, "submit", head)
    hall.move(entry, "accept")
    with pytest.raises(Conflict, match="评委甲"):
        hall.move(round_, "aggregate", hall.lead)
    for judge in range(3):
        assert hall.sheet(round_, judge).scores, "judges begin with what they said before"
        submit_sheet(actor(hall.judges[judge]), hall.sheet(round_, judge))
    round_ = again(hall, round_)
    assert (hall.verdict(round_).total, hall.verdict(round_).own) == (Decimal("33.50"), Decimal(34))
    hall.confirm(round_)
    with pytest.raises(Conflict):
        hall.move(entry, "send_back", opinion="再来一次")
    assert office.post(url, {"opinion": "再来一次"}).status_code == 409


@pytest.mark.requirement("KG.10")
def test_who_is_taken_off_the_list_keeps_what_is_finished_and_is_replaced(hall: Hall) -> None:
    round_ = hall.scoring()
    done = hall.score(hall.sheet(round_, 0), C1="8", C2="5")
    submit_sheet(actor(hall.judges[0]), done)
    listed = Assessor.unguarded.get(user=hall.judges[0])
    office, judge = browser(hall.office.user), browser(hall.judges[0])
    assert browser(hall.heads[0].user).get(f"{hall.pages}/desk/").status_code == 403
    assert office.post(f"/rounds/assessors/{listed.pk}/archive").status_code == 303
    assert judge.get(done.desk).status_code == 404
    assert judge.post(f"{hall.sheet(round_, 0, 1).desk}?at=C1", {"score": "9"}).status_code == 404
    panel = done.panel
    other = a_user("judge", hall.tree.county, name="评委丁")
    unlisted = {"place": f"{panel.pk}-{hall.judges[0].pk}", "judge": other.pk}
    url = f"{hall.stem}/rounds/{round_.pk}/act/replace"
    assert office.post(url, unlisted).status_code == 422
    with pytest.raises(Rejected, match="评审人员名单"):
        replace_judge(hall.office, panel, hall.judges[0], other)
    with pytest.raises(Rejected, match="评委角色"):
        create(hall.office, Assessor(org=hall.tree.county, user=hall.heads[0].user))
    create(hall.office, Assessor(org=hall.tree.county, user=other))
    assert office.post(url, unlisted).status_code == 303
    moved = hall.table("Sheet").unguarded.filter(round=round_, judge=other, archived_at=None)
    assert [one.entry.org for one in moved] == [hall.schools[1]], (
        "what is handed in stays with the first judge"
    )
    assert not todos_for(hall.judges[0]).exists()
    assert todos_for(other).exists()
    submit_sheet(actor(other), hall.score(moved.get(), C1="7", C2="4"))
    for judge_, said in ((1, {"C1": "9", "C2": "5"}), (2, {"A2": "20"})):
        for school in (0, 1):
            sheet = hall.score(hall.sheet(round_, judge_, school), **said)
            submit_sheet(actor(hall.judges[judge_]), sheet)
    round_ = again(hall, round_)
    assert hall.verdict(round_).scores["C1"]["aggregated"] == "8.50"
    assert hall.verdict(round_, 1).scores["C1"]["aggregated"] == "8.00"


def test_nobody_judges_the_own_unit_or_one_they_declared(hall: Hall) -> None:
    round_ = hall.published()
    own = a_user("judge", hall.tree.county, name="评委戊")
    type(own).objects.filter(pk=own.pk).update(unit=hall.schools[0])
    create(hall.office, Assessor(org=hall.tree.county, user=own))
    office = browser(hall.office.user)
    url = f"{hall.stem}/rounds/{round_.pk}/act/form_panel"
    answer = office.post(url, {"title": "甲组", "judges": [own.pk], "leaves": ["C1"]})
    assert answer.status_code == 422
    assert f"评委戊应当回避{hall.schools[0].name}" in answer.content.decode()
    Assessor.unguarded.get(user=hall.judges[0]).avoids.add(hall.schools[1])
    answer = office.post(url, {"title": "甲组", "judges": [hall.judges[0].pk], "leaves": ["C1"]})
    assert f"评委甲应当回避{hall.schools[1].name}" in answer.content.decode()
    assert not hall.table("Panel").unguarded.exists()
    assert (
        office.post(url, {"title": "甲组", "judges": [hall.judges[1].pk], "leaves": ["C1"]}).status_code
        == 303
    )

"""Indicators, publishing, withdrawing, panels: what a department may do before anybody scores."""

from typing import Any

import pytest

from anlan.engines.audit.api import change, create
from anlan.engines.rounds.api import copy_scheme, dissolve, form_panel
from anlan.engines.tasks.api import todos_for
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user
from tests.rounds.hall import Hall, browser

pytestmark = pytest.mark.django_db


def node(hall: Hall, **said: Any) -> Any:
    values = {"code": "D1", "title": "更细一级", "parent": "", "standard": 5} | said
    return create(hall.office, hall.table("Indicator")(org=hall.tree.county, scheme=hall.scheme, **values))


@pytest.mark.requirement("SAF.30", "MOR.01", "KG.05")
def test_a_tree_of_three_levels_is_kept_and_frozen_by_publication(hall: Hall) -> None:
    client = browser(hall.office.user)
    page = client.get(f"{hall.stem}/schemes/{hall.scheme.pk}/").content.decode()
    assert all(title in page for title in ("管理", "制度", "责任落实", "设施"))
    assert "15 分" in page, "parents show the sums"
    found = client.get(f"{hall.stem}/indicators/", {"q": "应急"}).content.decode()
    assert "应急预案" in found
    assert "责任落实" not in found
    with pytest.raises(Rejected, match="三级"):
        node(hall, parent="C1")
    with pytest.raises((Rejected, Conflict), match=r"已有这个编号|已经有"):
        node(hall, code="C2")
    leaf = hall.table("Indicator").unguarded.get(code="C2")
    change(hall.office, leaf, {"title": "应急预案与演练"})
    hall.published()
    with pytest.raises(Rejected, match="不能再改"):
        change(hall.office, hall.table("Indicator").unguarded.get(pk=leaf.pk), {"standard": 6})
    with pytest.raises(Rejected, match="不能再改"):
        node(hall)
    assert client.post(f"{hall.stem}/indicators/{leaf.pk}/edit", {"title": "x"}).status_code == 409
    assert client.post(f"{hall.stem}/indicators/{leaf.pk}/archive").status_code == 409
    fresh = copy_scheme(hall.office, hall.scheme, "安全工作评估（新）")
    change(hall.office, fresh.indicators.get(code="C2"), {"standard": 6})
    assert hall.table("Indicator").unguarded.get(pk=leaf.pk).standard == 5
    other = browser(a_user("unit_admin", hall.tree.county))
    for address in (f"indicators/{leaf.pk}/edit", "indicators/new", f"schemes/{hall.scheme.pk}/edit"):
        assert other.post(f"{hall.stem}/{address}", {"title": "x"}).status_code == 403


@pytest.mark.requirement("SAF.31", "MOR.02", "KG.08")
def test_publishing_gives_each_chosen_school_its_own_open_task(hall: Hall) -> None:
    round_ = hall.draft()
    office, head = browser(hall.office.user), browser(hall.heads[0].user)
    said = {
        "title": round_.title,
        "requirements": "逐项自评，上传材料",
        "participants": [one.pk for one in hall.schools],
    }
    said |= {"org": hall.tree.county.pk, "scheme": hall.scheme.pk, "rule": "mean", "weighting": "points"}
    said |= {"due_on": round_.due_on or "", "version": round_.version}
    edited = office.post(f"{hall.stem}/rounds/{round_.pk}/edit", said)
    assert edited.status_code == (422 if hall.process.code == "kindergarten" else 303), "none of them is one"
    round_.refresh_from_db()
    assert round_.title not in head.get(f"{hall.stem}/rounds/").content.decode()
    for user in (a_user("unit_admin", hall.tree.county), hall.heads[0].user):
        with pytest.raises(Forbidden):
            hall.move(round_, "publish", type(hall.office).person(user))
    bare = create(hall.office, hall.table("Scheme")(org=hall.tree.county, title="空"))
    empty = hall.draft("没有指标")
    change(hall.office, empty, {"scheme": bare})
    with pytest.raises(Rejected) as refused:
        hall.move(empty, "publish")
    assert "scheme" in refused.value.fields
    alone = hall.draft("没有学校")
    alone.participants.clear()
    with pytest.raises(Rejected) as refused:
        hall.move(alone, "publish")
    assert "participants" in refused.value.fields
    if hall.process.dated:
        dayless = hall.draft("没有期限", due_on=None)
        with pytest.raises(Rejected) as refused:
            hall.move(dayless, "publish")
        assert "due_on" in refused.value.fields
    assert {row.state for row in hall.table("Round").unguarded.filter(pk__in=[empty.pk, alone.pk])} == {
        "draft"
    }
    hall.move(round_, "publish")
    assert hall.table("Entry").unguarded.filter(round=round_, archived_at=None).count() == 2
    assert round_.title in head.get(f"{hall.stem}/rounds/").content.decode()
    todo = todos_for(hall.heads[0].user).get()
    assert (todo.due_at is not None) == hall.process.dated
    assert office.get(f"{hall.stem}/rounds/{round_.pk}/edit").status_code == 409
    assert office.post(f"{hall.stem}/rounds/{round_.pk}/edit", said).status_code == 409
    assert "逐项自评" in head.get(todo.url).content.decode()
    page = head.get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    assert f'href="{hall.entry(round_).desk}"' in page
    assert hall.entry(round_, 1).desk not in page


@pytest.mark.requirement("SAF.32", "MOR.03")
def test_drafts_stay_inside_and_withdrawal_ends_with_the_first_score(hall: Hall) -> None:
    draft, office, head = hall.draft("草稿任务"), browser(hall.office.user), browser(hall.heads[0].user)
    assert head.get(f"{hall.stem}/rounds/{draft.pk}/").status_code == 404
    round_ = hall.scoring()
    page = office.get(f"{hall.stem}/rounds/").content.decode()
    assert draft.title in page
    assert round_.title in page
    assert office.post(f"{hall.stem}/rounds/{round_.pk}/archive").status_code == 409
    hall.move(round_, "withdraw")
    assert hall.table("Round").unguarded.get(pk=round_.pk).state == "draft"
    assert not todos_for(hall.heads[0].user).exists()
    assert not todos_for(hall.judges[0]).exists()
    assert not hall.table("Entry").unguarded.filter(round=round_, archived_at=None).exists()
    assert not hall.table("Scheme").unguarded.get(pk=hall.scheme.pk).frozen
    assert head.get(f"{hall.stem}/rounds/{round_.pk}/").status_code == 404
    again = hall.move(round_, "publish")
    hall.fill(again)
    hall.panels(again)
    again = hall.move(round_, "begin_scoring")
    assert "move=withdraw" in office.get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    hall.score(hall.sheet(again, 0), C1="8")
    assert "move=withdraw" not in office.get(f"{hall.stem}/rounds/{round_.pk}/").content.decode()
    with pytest.raises(Conflict, match="已有评委评分"):
        hall.move(round_, "withdraw")
    assert office.post(f"{hall.stem}/rounds/{round_.pk}/archive").status_code == 409


@pytest.mark.requirement("SAF.36", "MOR.06", "KG.03", "KG.12")
def test_every_indicator_has_exactly_one_panel(hall: Hall) -> None:
    round_ = hall.published()
    hall.fill(round_)
    first = form_panel(hall.office, round_, "管理组", hall.judges[:2], ["C1", "C2"])
    with pytest.raises(Rejected, match="C2"):
        form_panel(hall.office, round_, "再来一组", hall.judges, ["C2", "A2"])
    assert hall.table("Panel").unguarded.filter(round=round_).count() == 1
    with pytest.raises(Conflict, match="A2"):
        hall.move(round_, "begin_scoring")
    for judges, why in (([], "至少选"), ([hall.heads[0].user], "评审人员名单")):
        with pytest.raises(Rejected, match=why):
            form_panel(hall.office, round_, "设施组", judges, ["A2"])
    form_panel(hall.office, round_, "设施组", hall.judges[1:], ["A2"])
    started = hall.move(round_, "begin_scoring")
    dissolve(hall.office, hall.table("Panel").unguarded.get(pk=first.pk))
    form_panel(hall.office, started, "管理组", hall.judges[:1], ["C1", "C2"])
    hall.score(hall.sheet(started, 0), C1="8")
    for panel in hall.table("Panel").unguarded.filter(round=round_, archived_at=None):
        with pytest.raises(Conflict, match="不能再改"):
            dissolve(hall.office, panel)
    with pytest.raises(Conflict, match="不能再改"):
        form_panel(hall.office, started, "晚来的组", hall.judges, [])

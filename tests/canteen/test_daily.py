"""Daily checks of canteens issued to schools and inspectors (D10.7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.base.models import CheckItem
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.daily_work import daily_round
from anlan.domains.canteen.models import DailyCheck, DailyPlan
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, archive, change, create
from anlan.engines.identity.api import User
from anlan.engines.registry.api import RiskCategory
from anlan.engines.tasks.api import Job, todos_for
from anlan.kernel import clock
from tests.canteen.conftest import WEDNESDAY, Kitchen, at
from tests.factories import a_user, sign_in

PLANS, CHECKS = "/canteen/daily-plans/", "/canteen/daily-checks/"


def web(user: User) -> Client:
    """A browser of somebody."""
    return sign_in(Client(), user)


def answers(lines: int = 8, fail: int = -1, **said: Any) -> dict[str, Any]:
    """A filled checklist; ``fail`` is the line that failed."""
    moment = clock.now().astimezone(clock.zone())
    found = {f"d{n}": "fail" if n == fail else "pass" for n in range(lines)}
    return {**found, "at": f"{moment:%Y-%m-%dT%H:%M}", "note": "", **said}


def states(user: User, query: str = "") -> dict[str, str]:
    """Canteen to result, as somebody sees the list."""
    names = dict(Canteen.unguarded.values_list("pk", "name"))
    found = web(user).get(f"/api{CHECKS}?{query}").json()["results"]
    return {names[row["canteen"]]: row["outcome"] for row in found}


@pytest.fixture
def county(kitchen: Kitchen) -> Kitchen:
    """Eleven canteens at two schools; the last closed yesterday."""
    create(SYSTEM, RiskCategory(org=kitchen.tree.province, code="food", title="食品安全"))
    for number in range(2, 10):
        kitchen.another(f"第{number}食堂")
    create(SYSTEM, Canteen(org=kitchen.tree.sister_school, name="兄弟食堂"))
    kitchen.another("旧食堂", closed_on=WEDNESDAY - timedelta(days=1))
    create(SYSTEM, Canteen(org=kitchen.tree.far_school, name="外县食堂"))
    return kitchen


@pytest.mark.requirement("D10.7")
def test_a_daily_check_of_ten_canteens_shows_done_and_not_done_and_a_failed_item_is_a_hazard(
    county: Kitchen,
) -> None:
    mine = list(Canteen.unguarded.filter(org__path__startswith=county.tree.county.path))
    sent = {"org": county.tree.county.pk, "name": "九月检查", "first": WEDNESDAY, "last": "2026-09-30"}
    sent["canteens"] = [canteen.pk for canteen in mine]
    assert web(county.bureau).post(f"{PLANS}new", sent | {"last": "2026-09-08"}).status_code == 422
    assert web(county.bureau).post(f"{PLANS}new", sent | {"inspector": county.cook.pk}).status_code == 422
    assert web(county.bureau).post(f"{PLANS}new", sent).status_code == 303
    daily_round(Job())
    assert DailyCheck.unguarded.count() == 11, "issued at once, and once"
    skipped = DailyCheck.unguarded.get(state="skipped")
    assert (skipped.canteen.name, skipped.note) == ("旧食堂", "食堂已停用，不检查")

    own = DailyCheck.unguarded.get(canteen=county.canteen)
    (todo,) = [todo for todo in todos_for(county.cook) if todo.title.startswith("第一食堂")]
    form = f"{todo.url}act/fill"
    page = web(county.cook).get(form).content.decode()
    assert "每餐每样食品按要求留样并记录" in page
    assert web(county.cook).post(f"{CHECKS}{skipped.pk}/act/fill", answers()).status_code in (404, 409)
    assert web(county.cook).post(form, answers(at="2026-09-08T10:00")).status_code == 422
    assert web(county.cook).post(form, answers(fail=5, note="留样不足")).status_code == 303
    assert web(county.cook).post(form, answers()).status_code in (404, 409), "done once"
    assert todo not in todos_for(county.cook)
    hazard = Hazard.unguarded.get()
    assert (hazard.category.code, hazard.org, hazard.source) == ("food", county.school, "self")
    assert "留样" in hazard.title

    with at(WEDNESDAY + timedelta(days=1), 1):
        daily_round(Job())
        day = f"day_from={WEDNESDAY}&day_to={WEDNESDAY}"
        found = states(county.bureau, f"{day}&page_size=50")
        assert found.pop("第一食堂") == "已完成"
        assert found.pop("旧食堂") == "不检查"
        assert set(found.values()) == {"未完成"}
        assert len(found) == 9
        plan = DailyPlan.unguarded.get()
        page = web(county.bureau).get(plan.get_absolute_url()).content.decode()
        assert f'state=missed&amp;{day.replace("&", "&amp;")}">9</a>' in page
        assert DailyCheck.unguarded.filter(day=WEDNESDAY + timedelta(days=1)).count() == 11
        assert not [todo for todo in todos_for(county.cook) if "09-09" in todo.title], "over is over"
        archive(SYSTEM, plan)
        assert not [todo for todo in todos_for(county.cook) if "九月检查" in todo.title]
    assert own.pk in set(DailyCheck.unguarded.filter(state="done").values_list("pk", flat=True))


@pytest.mark.requirement("D10.7")
def test_an_inspector_is_sent_where_the_rights_reach_and_asks_what_the_unit_wrote(county: Kitchen) -> None:
    create(SYSTEM, CheckItem(org=county.tree.county, subject="canteen.daily", text="煤气阀门关闭"))
    inspector = a_user("inspector", county.school, name="巡查员甲")
    other = a_user("inspector", county.school, name="巡查员乙")
    said = {"name": "巡查", "inspector": inspector, "whole": True}
    create(SYSTEM, DailyPlan(org=county.tree.county, **said))
    away = DailyCheck.unguarded.get(canteen__name="兄弟食堂")
    assert (away.state, "不负责这所学校" in away.note) == ("skipped", True)
    assert not DailyCheck.unguarded.filter(canteen__name="外县食堂").exists()
    row = DailyCheck.unguarded.get(canteen=county.canteen)
    assert not [todo for todo in todos_for(county.cook) if todo.kind == "canteen.daily"]
    url = next(f"{todo.url}act/inspect" for todo in todos_for(inspector) if todo.object_id == row.pk)
    item = f"i{CheckItem.unguarded.get().pk}"
    assert "煤气阀门关闭" in web(inspector).get(url).content.decode()
    failing = answers(0, **{item: "fail"})
    assert web(other).post(url, failing).status_code == 422
    assert web(county.cook).post(url, failing).status_code in (403, 404)
    change(SYSTEM, county.canteen, {"closed_on": WEDNESDAY})
    assert web(inspector).post(url, failing).status_code == 422
    change(SYSTEM, county.canteen, {"closed_on": None})
    assert not Hazard.unguarded.exists(), "nothing of a refused check is stored"
    assert web(inspector).post(url, failing).status_code == 303
    assert (Hazard.unguarded.get().source, Hazard.unguarded.get().category.code) == ("routine", "food")

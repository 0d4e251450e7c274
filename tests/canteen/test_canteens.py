"""Canteens as the bureau sees them: from outside, their papers, five hundred of them (D10.1, D10.4-D10.6)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from anlan.base.models import School
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.licences import Licence
from anlan.domains.canteen.workers import Worker, transfer
from anlan.engines.audit.api import SYSTEM, change, create, create_all
from anlan.engines.exchange.api import synchronise
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import ledgers, number_of, remind_all
from anlan.engines.registry.renewing import renew
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.canteen.conftest import WEDNESDAY, Kitchen, at
from tests.canteen.test_people import names
from tests.factories import sign_in
from tests.files.making import an_xlsx, upload


@pytest.fixture(scope="session", autouse=True)
def loop_allowed() -> Iterator[None]:
    """Playwright's loop runs in this thread; the database is made and emptied while it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


CODE = "canteen.canteens"


@pytest.mark.requirement("D10.1")
def test_canteens_come_from_outside_by_their_code_and_the_same_run_changes_nothing(
    kitchen: Kitchen, tmp_path: Path
) -> None:
    row = {"org": "池店二小", "code": "ST-9", "name": "第一食堂", "mode": "委托经营", "seats": "300",
           "diners": "280", "area": "420.5", "lunch": "是", "zones": "粗加工 烹饪", "phone": "13859700001"}  # fmt: skip
    rows = [
        row,
        {**row, "code": "ST-10", "name": "第二食堂"},
        {**row, "code": "ST-11", "org": ""},
        {**row, "code": "ST-12", "org": "晋江市教育局"},
        {**row, "code": "ST-13", "name": "第三食堂", "seats": "-1"},
    ]
    actor, county = kitchen.actor(kitchen.bureau), kitchen.tree.county
    first = synchronise(actor, county, CODE, rows)
    assert (first.add, first.amend, first.same) == (2, 0, 0)
    assert [(number, *said) for number, said in first.rejected] == [(3, "org"), (4, "org"), (5, "seats")]
    again = synchronise(actor, county, CODE, rows)
    assert (again.add, again.amend, again.same) == (0, 0, 2)
    renamed = synchronise(actor, county, CODE, [{**row, "name": "学生食堂", "seats": "320"}])
    assert (renamed.add, renamed.amend, renamed.same) == (0, 1, 0)
    sister = kitchen.tree.sister_school
    assert sorted(Canteen.unguarded.filter(org=sister).values_list("code", "name", "seats")) == [
        ("ST-10", "第二食堂", 300),
        ("ST-9", "学生食堂", 320),
    ]
    file = tmp_path / "canteens.json"
    file.write_text(json.dumps([{**row, "name": "学生食堂", "seats": "350"}]), encoding="utf-8")
    call_command("sync_rows", CODE, str(file), account=kitchen.bureau.username)
    assert Canteen.unguarded.get(code="ST-9").seats == 350

    page = sign_in(Client(), kitchen.bureau).get(f"/canteen/canteens/?org={sister.pk}").content.decode()
    assert "学生食堂" in page
    assert "第二食堂" in page
    sent = {"org": kitchen.school.pk, "name": "新食堂", "mode": "own", "diners": 9, "seats": 9}
    client = sign_in(Client(), kitchen.bureau)
    for wrong in ({"org": ""}, {"org": county.pk}, {"seats": -1}):
        assert client.post("/canteen/canteens/new", sent | wrong).status_code == 422
    assert client.post("/canteen/canteens/new", sent).status_code == 303
    assert Canteen.unguarded.get(name="新食堂").code == f"{kitchen.school.code}-02"


@pytest.mark.requirement("D10.4")
def test_workers_without_a_valid_certificate_are_flagged_and_a_move_keeps_one_record(
    kitchen: Kitchen,
) -> None:
    head = [
        "单位*",
        "食堂*",
        "姓名*",
        "身份证号",
        "岗位*",
        "到岗日期",
        "健康证编号",
        "健康证发证日期",
        "健康证有效期至",
    ]
    place, good = ["池店一小", "第一食堂"], ["2026-01-05", "JK-1", "2026-03-01", "2027-02-28"]
    file = upload(
        "人员.xlsx",
        an_xlsx(
            head,
            [*place, "甲师傅", "11010519491231002X", "厨师", *good],
            [
                *place,
                "乙师傅",
                "110105194912310021",
                "厨师",
                "2026-01-05",
                "JK-2",
                "2026-03-01",
                "2027-02-28",
            ],
            [*place, "丙师傅", "", "帮厨", "2026-01-05", "JK-3", "2025-03-01", "2026-02-28"],
            [*place, "丁师傅", "", "帮厨", "2026-01-05", "", "", ""],
        ),
    )
    client = sign_in(Client(), kitchen.safety)
    begun = client.post("/canteen/workers/import", {"file": file})
    assert begun.status_code == 303, begun.content.decode()[-800:]
    session = client.get(begun.headers["Location"]).content.decode()
    assert "校验" in session
    assert "健康证已过期" in session
    assert client.post(f"{begun.headers['Location']}confirm", {"mode": "good"}).status_code == 303
    assert sorted(Worker.unguarded.values_list("name", flat=True)) == ["丁师傅", "甲师傅"]

    assert names(kitchen.bureau, "workers/?uncertified=1") == ["丁师傅"]
    assert names(kitchen.bureau, "canteens/?flawed=1") == ["第一食堂"]
    page = client.get(kitchen.canteen.get_absolute_url()).content.decode()
    assert "无有效健康证 1 人" in page

    worker = Worker.unguarded.get(name="甲师傅")
    there = create(SYSTEM, Canteen(org=kitchen.tree.sister_school, name="食堂"))
    with at(WEDNESDAY + timedelta(days=1), 9):
        transfer(kitchen.actor(kitchen.bureau), worker, there)
    assert Worker.unguarded.filter(identity="11010519491231002X").count() == 1
    assert names(kitchen.safety, "workers/") == ["丁师傅"]
    moved = sign_in(Client(), kitchen.bureau).get(worker.get_absolute_url()).content.decode()
    assert "调动" in moved, "the history tells it"


@pytest.mark.requirement("D10.5")
def test_papers_of_an_open_canteen_warn_school_and_bureau_until_they_are_renewed(kitchen: Kitchen) -> None:
    ends = clock.today() + timedelta(days=20)
    said = {"name": "池店一小", "issued_on": date(2025, 1, 1)}
    licence = kitchen.own(Licence, number="JY1", valid_to=ends, **said)
    worker = kitchen.worker("甲", 20)
    kitchen.worker("乙", 200)
    remind_all()
    for user in (kitchen.head, kitchen.safety, kitchen.bureau):
        assert {todo.object_id for todo in todos_for(user)} == {licence.pk, worker.pk}
        assert Message.objects.filter(event="registry.expiring", addressee=user).count() == 2, user
    page = sign_in(Client(), kitchen.head).get(kitchen.canteen.get_absolute_url()).content.decode()
    for words in ("许可证即将到期 1", "健康证即将到期 1", "健康证已过期 0"):
        assert words in page
    everything = ledgers["certificates.all"]
    assert number_of(everything, kitchen.bureau, "validity=expiring") == 2, "the certificate module agrees"

    later = {"certificate": "JK-9", "certified_until": ends + timedelta(days=365)}
    renew(kitchen.actor(kitchen.safety), ledgers["canteen.workers"], worker, later)
    assert [todo.object_id for todo in todos_for(kitchen.bureau)] == [licence.pk]
    assert number_of(everything, kitchen.bureau, "validity=expiring") == 1

    change(kitchen.actor(kitchen.safety), kitchen.canteen, {"closed_on": clock.today()})
    assert remind_all() == 0
    assert not todos_for(kitchen.bureau).exists()
    assert number_of(everything, kitchen.bureau, "validity=expiring") == 0
    assert number_of(ledgers["canteen.licences"], kitchen.bureau, "validity=expiring") == 0


def many(kitchen: Kitchen, number: int) -> list[OrgUnit]:
    """So many schools of the town, with a canteen each; every fifth is a primary school."""
    units, schools = [], []
    for place in range(number):
        kind = "kindergarten" if place % 5 else "primary"
        unit = OrgUnit(
            code=f"K{place}", name=f"第{place}希望学校", kind="school", parent=kitchen.tree.township
        )
        unit.save()
        units.append(unit)
        schools.append(School(org=unit, name=unit.name, kind=kind, nature_id="school_nature.public"))
    create_all(SYSTEM, schools)
    create_all(SYSTEM, [Canteen(org=unit, name="食堂", code=unit.code) for unit in units])
    return units


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_headings_stay_in_view_while_a_long_list_is_scrolled(
    page: Page, live_server: Any, enter: Any
) -> None:
    kitchen = Kitchen()
    many(kitchen, 110)
    enter(kitchen.bureau)
    page.goto(f"{live_server.url}/canteen/canteens/?size=100")
    last = page.locator("#rows tbody tr").nth(99)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator("#rows thead th", has_text="食堂名称")).to_be_in_viewport()

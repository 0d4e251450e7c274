"""Organisations, contracts, guards' files and the staffing standard (D15.1-D15.3, SAF.48-SAF.50)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.base.schools import School
from anlan.domains.guards.bodies import Body, Contract
from anlan.domains.guards.cards import Card
from anlan.domains.guards.people import Guard
from anlan.domains.guards.rules import DEFAULTS, GuardRules
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.exchange.api import apply, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.registry.api import add, ledgers
from anlan.engines.registry.renewing import renew
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import sign_in
from tests.files.making import an_xlsx, upload
from tests.guards.conftest import TODAY, Gate, credit_code, identity, listed
from tests.safety.test_races import at_once


@pytest.mark.requirement("D15.1")
def test_contracts_show_missing_guards_and_lapsed_licences_and_do_not_overlap_unexplained(gate: Gate) -> None:
    contract = gate.contract()
    gate.contract(org=gate.tree.sister_school, guards=1)
    gate.guard(1)
    gate.guard(2, org=gate.tree.sister_school)
    assert [(row["id"], row["here"]) for row in listed(gate.bureau, "contracts/?short=1")] == [
        (contract.pk, "1 人，少 1")
    ]
    gate.guard(3)
    assert listed(gate.bureau, "contracts/?short=1") == []
    change(SYSTEM, gate.company, {"licence_until": TODAY - timedelta(days=1)})
    assert len(listed(gate.bureau, "contracts/?lapsed=1")) == 2
    assert [row["licence"] for row in listed(gate.sister, "contracts/")] == ["已过期"]
    other = gate.body("卫盾保安", 2)
    with pytest.raises(Rejected, match="理由"):
        gate.contract(body=other, posts="门卫")
    assert gate.contract(body=other, posts="门卫", overlap="交接期两家并行").pk
    values = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "guards": 3, "price": 9}
    renew(Actor.person(gate.safety, "web"), ledgers["guards.contracts"], contract, values)
    assert Contract.unguarded.get(pk=contract.pk).ends_on == date(2027, 12, 31)


@pytest.mark.requirement("D15.2", "SAF.49")
def test_a_guard_is_known_by_a_true_number_stands_at_one_school_and_what_is_wrong_shows(gate: Gate) -> None:
    good, bare, old = (
        gate.guard(1),
        gate.guard(2, background="", checked_on=None),
        gate.guard(3, identity=identity(3, date(1965, 9, 8))),
    )
    for one in (good, bare, old):
        create(
            SYSTEM, Card(org=one.org, guard=one, number=f"BA{one.pk}", valid_to=TODAY + timedelta(days=20))
        )
    lacking = gate.guard(4)
    states = {row["name"]: row["state"] for row in listed(gate.safety, "guards/")}
    assert states == {"保安1": "在岗", "保安2": "未过背景审查", "保安3": "超龄", "保安4": "无保安员证"}
    assert {row["name"] for row in listed(gate.bureau, "guards/?flawed=1")} == {"保安2", "保安3", "保安4"}
    create(SYSTEM, GuardRules(org=gate.tree.county, age_limit=65))
    assert listed(gate.bureau, "guards/?old=1") == []

    certificates = (
        sign_in(Client(), gate.safety).get("/api/certificates/all/?ledger=guards.cards").json()["results"]
    )
    assert {row["holder"] for row in certificates} == {"保安1", "保安2", "保安3"}
    assert (
        len(sign_in(Client(), gate.safety).get("/api/guards/cards/?validity=expiring").json()["results"]) == 3
    )

    for number in ("350582198005010019", "35058219800501"):
        values = {"org": gate.tree.school, "body": gate.company, "name": "号错", "identity": number}
        with pytest.raises(Rejected, match=r"校验位|18 位"):
            add(Actor.person(gate.safety, "web"), ledgers["guards.guards"], {**values, "joined_on": TODAY})
    with pytest.raises(Rejected, match="已经在岗"):
        gate.guard(1, org=gate.tree.sister_school)
    with pytest.raises(Rejected):
        create(SYSTEM, Guard(org=gate.tree.school, name="无机构", identity=identity(8)))

    wrong = identity(20)[:-1] + ("0" if identity(20)[-1] != "0" else "1")
    head = ["所属机构", "姓名", "身份证号", "到岗日期"]
    sheet = an_xlsx(
        head,
        ["平安保安", "新人", identity(21), "2026-09-01"],
        ["平安保安", "号错", wrong, "2026-09-01"],
        ["平安保安", "在别校", identity(4), "2026-09-01"],
    )
    session = prepare(
        Actor.person(gate.sister, "web"), target_of("guards.guards"), upload("保安.xlsx", sheet)
    )
    assert [(row.number, sorted(row.problems)) for row in ImportRow.bad_of(session)] == [
        (3, ["identity"]),
        (4, ["identity"]),
    ]
    apply(Actor.person(gate.sister, "web"), session, "good")
    assert [row["name"] for row in listed(gate.sister, "guards/")] == ["新人"]

    client = sign_in(Client(), gate.safety)
    client.post(f"{lacking.get_absolute_url()}act/leave", {"day": TODAY.isoformat(), "idempotency": "x"})
    assert gate.guard(4, org=gate.tree.sister_school).pk


@pytest.mark.requirement("SAF.48")
def test_schools_keep_their_own_organisation_once_and_do_not_see_that_of_others(gate: Gate) -> None:
    office = create(SYSTEM, Body(org=gate.tree.school, kind="office", name="保卫科", head="何老师"))
    with pytest.raises(Rejected, match="同名"):
        create(SYSTEM, Body(org=gate.tree.school, kind="office", name="保卫科"))
    with pytest.raises(Rejected, match="上级单位已登记"):
        create(
            SYSTEM, Body(org=gate.tree.school, name="分店", licence_number="1", credit_code=credit_code(1))
        )
    own, sister, bureau = (sign_in(Client(), user) for user in (gate.safety, gate.sister, gate.bureau))
    assert sister.get(office.get_absolute_url()).status_code == 404
    assert sister.get(f"{office.get_absolute_url()}edit").status_code == 404
    for client in (own, bureau):
        assert client.get(office.get_absolute_url()).status_code == 200
        assert [row["name"] for row in client.get("/api/guards/bodies/?q=保卫").json()["results"]] == [
            "保卫科"
        ]
        assert client.get(f"{office.get_absolute_url()}edit").status_code == 200
    assert own.get(gate.company.get_absolute_url()).status_code == 200
    assert own.get(f"{gate.company.get_absolute_url()}edit").status_code == 403
    assert own.post(f"{office.get_absolute_url()}archive", {}).status_code in (302, 303)
    assert own.get("/api/guards/bodies/?q=保卫").json()["results"] == []


@pytest.mark.requirement("SAF.50")
def test_organisations_open_to_their_guards_by_town_and_school_with_masked_numbers(gate: Gate) -> None:
    gate.guard(1, phone="13800000001")
    hidden = gate.guard(2, org=gate.tree.sister_school)
    for unit, name in ((gate.tree.school, "池店一小"), (gate.tree.sister_school, "池店二小")):
        create(SYSTEM, School(org=unit, name=name, kind="primary", nature_id="school_nature.public",
                              town=gate.tree.township))  # fmt: skip
    bureau, own = sign_in(Client(), gate.bureau), sign_in(Client(), gate.safety)
    page = bureau.get(gate.company.get_absolute_url()).content.decode()
    assert f"/guards/guards/?body={gate.company.pk}&amp;here=1" in page
    assert "在岗保安员 2 人" in page
    rows = listed(gate.bureau, f"guards/?body={gate.company.pk}&here=1")
    assert {row["name"] for row in rows} == {"保安1", "保安2"}
    assert identity(1) not in str(rows)
    assert "13800000001" not in str(rows)
    by_school = listed(gate.bureau, f"guards/?org={gate.tree.school.pk}")
    assert [row["name"] for row in by_school] == ["保安1"]
    town = bureau.get(f"/guards/guards/?school_town={gate.tree.township.pk}").content.decode()
    assert "保安1" in town
    far = bureau.get(f"/guards/guards/?school_town={gate.tree.other_township.pk}").content.decode()
    assert "保安1" not in far
    assert own.get(hidden.get_absolute_url()).status_code == 404
    assert [row["name"] for row in listed(gate.safety, "guards/")] == ["保安1"]


@pytest.mark.requirement("D15.3")
def test_the_standard_follows_the_table_and_lists_what_is_missing(gate: Gate) -> None:
    sizes = {99: 1, 100: 2, 999: 2, 1000: 3, 1499: 3, 1500: 4, 0: None}
    assert {size: DEFAULTS.required(size) for size in sizes} == sizes
    assert DEFAULTS.required(1500, 600) == 6
    school = create(SYSTEM, School(org=gate.tree.school, name="池店一小", kind="primary", pupils=1,
                                   nature_id="school_nature.public"))  # fmt: skip
    for size, must in sizes.items():
        change(SYSTEM, school, {"pupils": size})
        (row,) = listed(gate.safety, "strength/")
        assert row["must"] == must
    assert [row["judged"] for row in listed(gate.bureau, "strength/?unknown=1")] == ["没有学生数，无法核算"]
    assert listed(gate.bureau, "strength/?short=1") == []
    change(SYSTEM, school, {"pupils": 1500, "boarders": 650})
    gate.guard(1)
    gate.guard(2, left_on=TODAY)
    assert [
        (row["must"], row["on_duty"], row["judged"]) for row in listed(gate.bureau, "strength/?short=1")
    ] == [(6, 1, "缺 5 人")]
    create(SYSTEM, GuardRules(org=gate.tree.county, table="1:1 200:2", every=1000, boarders_every=1000))
    assert [row["must"] for row in listed(gate.bureau, "strength/")] == [3]
    create(SYSTEM, GuardRules(org=gate.tree.school, table="1:1"))
    assert [row["must"] for row in listed(gate.safety, "strength/")] == [2]
    with pytest.raises(Rejected, match="逐档"):
        create(SYSTEM, GuardRules(org=gate.tree.township, table="1:1 100:0"))


@pytest.mark.django_db(transaction=True)
def test_two_schools_that_enter_one_person_at_once_enter_the_person_once() -> None:
    gate = Gate()

    def enter(unit: Any) -> None:
        try:
            gate.guard(1, org=unit)
        except Rejected as refused:
            raise Conflict(refused.message) from None

    ends = at_once(lambda: enter(gate.tree.school), lambda: enter(gate.tree.sister_school))
    assert ends == ["done", "refused"]
    assert Guard.unguarded.count() == 1

"""Morning checks of workers; licences, companies and contracts of canteens (D10.2, D10.3, S09.1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.canteen.licences import Licence
from anlan.domains.canteen.papers import Company, Contract
from anlan.domains.canteen.workers import MorningCheck, transfer
from anlan.engines.audit.api import SYSTEM, archive, create
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import ledgers
from anlan.engines.registry.renewing import periods_of, renew
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.canteen.conftest import WEDNESDAY, Kitchen, at
from tests.factories import sign_in


def names(user: Any, query: str) -> list[str]:
    """Names on a list."""
    return [row["name"] for row in sign_in(Client(), user).get(f"/api/canteen/{query}").json()["results"]]


def period(days: int, length: int = 100) -> dict[str, Any]:
    """A period of a contract that ends in so many days."""
    end = clock.today() + timedelta(days=days)
    return {"starts_on": end - timedelta(days=length), "ends_on": end}


@pytest.mark.requirement("S09.1")
def test_who_fails_the_morning_check_does_not_work_and_who_was_not_checked_is_listed(
    kitchen: Kitchen,
) -> None:
    well, ill, bare, unseen = (
        kitchen.worker(name, days) for name, days in (("甲", 9), ("乙", 9), ("丙", None), ("丁", 9))
    )
    with at(WEDNESDAY, 6):
        checks = [kitchen.own(MorningCheck, worker=worker, temperature="36.5") for worker in (well, bare)]
        checks.append(kitchen.own(MorningCheck, worker=ill, temperature="36.5", diarrhoea=True))
    assert [(check.fit, check.why) for check in checks] == [
        (True, ""),
        (False, "没有有效健康证"),
        (False, "腹泻呕吐"),
    ]
    told = Message.objects.filter(event="canteen.unfit").order_by("pk")
    assert [(one.addressee, one.title) for one in told] == [
        (kitchen.cook, f"晨检不合格：{name}今天不得上岗") for name in ("丙", "乙")
    ]
    assert names(kitchen.head, "workers/?unchecked=1") == ["丁"]
    found = sign_in(Client(), kitchen.head).get("/api/canteen/workers/").json()["results"]
    assert {row["name"]: row["today"] for row in found} == {
        "甲": "可以上岗", "乙": "今天不得上岗", "丙": "今天不得上岗", "丁": "未晨检",
    }  # fmt: skip
    assert not any(check.late for check in checks)
    with at(WEDNESDAY, 11, 30):
        assert kitchen.own(MorningCheck, worker=unseen, temperature="36.5").late


def test_a_worker_who_moves_keeps_one_record_and_is_flagged_without_a_certificate(kitchen: Kitchen) -> None:
    worker = kitchen.worker("甲", 0, identity="11010519491231002X")
    with at(WEDNESDAY + timedelta(days=1), 9):
        assert names(kitchen.bureau, "workers/?uncertified=1") == ["甲"]
        assert names(kitchen.bureau, "canteens/?flawed=1") == ["第一食堂"]
    with pytest.raises(Rejected, match="已经登记"):
        kitchen.worker("甲", 9, identity="11010519491231002X")
    there = kitchen.another("第二食堂")
    moved = transfer(kitchen.actor(kitchen.bureau), worker, there)
    assert (moved.pk, moved.canteen) == (worker.pk, there)


@pytest.mark.requirement("D10.2")
def test_companies_serve_canteens_for_periods_and_what_ran_out_is_flagged_everywhere(
    kitchen: Kitchen,
) -> None:
    company, other = kitchen.company(1, days=5, service="catering"), kitchen.another("第二食堂")
    for canteen in (kitchen.canteen, other):
        kitchen.own(Contract, company=company, canteen=canteen, **period(60))
    with pytest.raises(Rejected, match="独家合同"):
        kitchen.own(Contract, company=kitchen.company(2), **period(90, 40))
    with pytest.raises(Rejected, match="不能早于"):
        kitchen.own(Contract, company=company, **period(200, -1))
    wrong = company.credit_code[:-1] + ("A" if company.credit_code[-1] != "A" else "B")
    with pytest.raises(Rejected, match="校验位"):
        create(SYSTEM, Company(org=kitchen.tree.county, name="假公司", credit_code=wrong))
    assert names(kitchen.bureau, "canteens/?lapsed=1") == []
    with at(WEDNESDAY + timedelta(days=6), 9):
        assert sorted(names(kitchen.bureau, "canteens/?lapsed=1")) == ["第一食堂", "第二食堂"]
        page = sign_in(Client(), kitchen.head).get(other.get_absolute_url()).content.decode()
        assert "单位许可证已过期" in page


@pytest.mark.requirement("D10.3")
def test_a_canteen_has_a_valid_licence_of_its_own_and_renewing_keeps_the_former(kitchen: Kitchen) -> None:
    assert names(kitchen.bureau, "canteens/?unlicensed=1") == ["第一食堂"]
    today = clock.today()
    said = {"number": "JY1", "name": "池店一小", "issued_on": today - timedelta(days=9)}
    licence = kitchen.own(Licence, **said, valid_to=today)
    assert names(kitchen.bureau, "canteens/?unlicensed=1") == []
    with at(WEDNESDAY + timedelta(days=1), 9):
        assert names(kitchen.bureau, "canteens/?unlicensed=1") == ["第一食堂"]
    values = {"number": "JY2", "issued_on": today, "valid_to": today + timedelta(days=1800)}
    renew(kitchen.actor(kitchen.safety), ledgers["canteen.licences"], licence, values)
    assert [row.values["number"] for row in periods_of(ledgers["canteen.licences"], licence)] == ["JY1"]

    other = kitchen.another("第二食堂")
    with pytest.raises(Rejected, match="共用"):
        kitchen.own(Licence, **{**values, "name": "池店一小"}, canteen=other)
    assert kitchen.own(Licence, **{**values, "name": "池店一小"}, canteen=other, shared=True).pk
    archive(SYSTEM, licence)
    assert names(kitchen.bureau, "canteens/?unlicensed=1") == ["第一食堂"]

"""Safety facilities are maintained by plan, their costs summed, and renewed when they are past their life (R.33)."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from anlan.domains.physical.maintenance import Maintenance, MaintenancePlan
from anlan.engines.registry.api import remind_all
from anlan.engines.tasks.api import Todo
from tests.factories import sign_in
from tests.physical.test_totals import TODAY, Ground, ground
from tests.site_security.conftest import line

__all__ = ["ground"]
PLANS, DONE, COSTS = "/physical/maintenance-plans/", "/physical/maintenance/", "/physical/maintenance-costs/"


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    """What a list shows."""
    found: list[dict[str, Any]] = client.get(f"/api{address}").json()["results"]
    return found


@pytest.mark.requirement("R.33")
def test_a_plan_makes_due_tasks_costs_are_summed_and_what_is_past_its_life_is_to_be_renewed(
    ground: Ground,
) -> None:
    bollard = ground.facility("B1", bought_on=date(2024, 3, 1), installed_on=date(2024, 4, 1))
    sign = ground.facility(
        "S1", kind="sign", bought_on=date(2019, 5, 1), life_to=date(2026, 5, 1), installed_on=date(2019, 6, 1)
    )
    ground.facility("S2", kind="sign", life_to=TODAY)
    ground.facility("F1", org=ground.sister)
    client, org = ground.safety, ground.school.pk

    plan = {"org": org, "facility": bollard.pk, "content": "液压保养", "every": 3, "first_on": "2026-10-25"}
    wrong = plan | {"contract": "HT-1"}
    assert client.post(f"{PLANS}new", wrong).status_code == 422, "a contract has its end"
    said = plan | {"contract": "HT-1", "contract_to": "2026-10-01", "firm": "恒固机电"}
    assert client.post(f"{PLANS}new", said).status_code == 303
    made = MaintenancePlan.unguarded.get()
    remind_all()
    due = Todo.objects.filter(object_id=made.pk, model="physical.maintenanceplan", closed_at=None)
    assert due.exists(), "the plan lies on a desk"
    assert len(rows(client, f"{PLANS}?ended=1")) == 1, "its contract has ended"

    def recorded(facility: Any = bollard, **said: Any) -> int:
        body = {
            "org": org,
            "facility": facility.pk,
            "kind": "upkeep",
            "day": "2026-10-20",
            "cost": "0",
        } | said
        return client.post(f"{DONE}new", body).status_code

    assert recorded() == 422, "no result"
    assert recorded(result="fine", day="2024-02-29") == 422, "before it was bought"
    assert recorded(result="fine", day="2026-10-21") == 422, "tomorrow"
    assert recorded(result="fine", facility=sign, plan=made.pk) == 422, "the plan of another facility"
    assert not Maintenance.unguarded.exists()
    act = {"day": "2026-10-20", "kind": "upkeep", "cost": "300.50"}
    assert client.post(f"{PLANS}{made.pk}/act/done", act).status_code == 422, "no result"
    assert client.post(f"{PLANS}{made.pk}/act/done", act | {"result": "fine"}).status_code == 303
    assert MaintenancePlan.unguarded.get().next_on == date(2027, 1, 20)
    assert not due.exists(), "done"
    assert Maintenance.unguarded.get().firm == "恒固机电"

    for day, cost in (("2025-03-01", "100"), ("2025-09-01", "20.25"), ("2026-01-01", "9.50")):
        assert recorded(result="mended", day=day, cost=cost) == 303
    assert recorded(facility=sign, result="broken", day="2026-02-01", cost="40") == 303
    assert MaintenancePlan.unguarded.get().next_on == date(2027, 1, 20), "made beside the plan"
    page = unescape(ground.bureau.get(f"{COSTS}?area={org}").content.decode())
    assert line(page, "防冲撞设施") == ["310.00", "120.25", "430.25"]
    assert line(page, "安全警示标志") == ["40.00", "0.00", "40.00"]
    assert line(page, "合计") == ["350.00", "120.25", "470.25"]
    behind = f"{DONE}?org={org}&archived=0&facility__kind=bollard&day_from=2025-01-01&day_to=2025-12-31"
    assert f'href="{behind}"' in page
    assert sorted(row["cost"] for row in rows(ground.bureau, behind)) == ["100.00", "20.25"]
    assert "350.00" not in ground.stranger.get(COSTS).content.decode()

    proposed = rows(ground.bureau, "/physical/facilities/?outlived=1")
    assert [row["code"] for row in proposed] == ["S1"], "older than its life, not on its last day"
    assert "建议更新" in ground.bureau.get(f"/physical/facilities/{sign.pk}/").content.decode()
    assert sign_in(Client(), ground.person).post(f"{DONE}new", {}).status_code == 403

"""The stages of a hazard's closed loop as its page shows them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import create
from anlan.engines.registry.api import ledgers
from anlan.engines.registry.stages import stages_of
from anlan.engines.workflow.api import flows, perform
from anlan.engines.workflow.declaring import faults_of_stages
from anlan.kernel import clock
from tests.safety.conftest import County

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(county: County) -> Any:
    return county.actor("zhou", "bureau_safety", "county")


@pytest.fixture
def hazard(county: County, bureau: Any, a_hazard: Callable[..., Hazard]) -> Hazard:
    """Judged by the bureau, handed in by the school, approved: it waits for the re-check."""
    found = create(county.actor("lin", "inspector", "county"), a_hazard())
    said = {"grade": "large", "responsible": "何静", "due_at": clock.now() + timedelta(days=7)}
    perform(bureau, found, "confirm", said)
    school = county.actor("he", "school_safety", "school")
    perform(school, found, "submit", {"measure": "已清空"}, files={"after": 1})
    return perform(bureau, found, "approve")  # type: ignore[return-value]


def seen(hazard: Hazard) -> list[tuple[str, str, str]]:
    return [(one.title, one.state, one.who) for one in stages_of(ledgers["safety.hazards"], hazard)]


def test_what_is_done_names_who_and_what_is_to_come_stays_empty(hazard: Hazard) -> None:
    assert seen(hazard) == [
        ("发现上报", "past", "lin"),
        ("核实定级", "past", "zhou"),
        ("学校整改", "past", "he"),
        ("审核复查", "now", ""),
        ("销号归档", "", ""),
    ]


def test_a_failed_recheck_puts_the_loop_back_to_the_school(hazard: Hazard, bureau: Any) -> None:
    perform(bureau, hazard, "fail_recheck", {"opinion": "仍有堆放"})
    assert [state for _, state, _ in seen(hazard)] == ["past", "past", "now", "", ""]


def test_a_hazard_struck_off_has_every_stage_behind_it(hazard: Hazard, bureau: Any) -> None:
    perform(bureau, hazard, "pass_recheck")
    perform(bureau, hazard, "strike_off")
    assert {state for _, state, _ in seen(hazard)} == {"past"}


def test_a_false_alarm_ends_where_it_was_judged(county: County, bureau: Any, a_hazard: Any) -> None:
    found = create(county.actor("lin", "inspector", "county"), a_hazard())
    perform(bureau, found, "dismiss", {"opinion": "不是隐患"})
    assert [state for _, state, _ in seen(found)] == ["past", "past", "", "", ""]


def test_the_page_shows_the_loop_the_turn_and_that_there_is_no_photo(hazard: Hazard, bureau: Any) -> None:
    client = Client()
    client.force_login(bureau.user)
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert 'class="is-now" aria-current="step"' in page
    assert page.count('class="is-past"') == 3
    assert "等您办理" in page
    assert "较大" in page.partition("al-steps")[0]
    assert "还没有照片" in page
    assert 'rows="10"' not in page


@pytest.mark.parametrize(
    ("stages", "fault"),
    [
        ({"登记": (), "整改": ("fixing",)}, "state reported stands in 0 stages"),
        ({"登记": ("lost",)}, "stages name unknown state lost"),
    ],
)
def test_stages_hold_every_state_once(stages: dict[str, tuple[str, ...]], fault: str) -> None:
    flow = flows["safety.hazards"]
    assert list(faults_of_stages(flow)) == []
    assert fault in list(faults_of_stages(replace(flow, stages=stages)))


def test_a_state_in_two_stages_is_refused() -> None:
    flow = flows["safety.hazards"]
    twice = flow.stages | {"再查": ("recheck",), "空": ()}
    faults = list(faults_of_stages(replace(flow, stages=twice)))
    assert faults == ["state recheck stands in 2 stages", "stage 空 names no state"]

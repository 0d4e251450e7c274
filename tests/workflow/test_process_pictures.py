"""The picture of a workflow is what the service allows, and an edition changes later records only (X.14)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import create
from anlan.engines.org.api import Role
from anlan.engines.tasks.api import due_in, todos_for
from anlan.engines.workflow.api import Flow, FlowEdition, draw, flows, moves_open_to, perform, steps_of
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.conformance.test_workflows import Stage, guarded
from tests.safety.conftest import TREE, County, county  # noqa: F401
from tests.safety.loops import Loop, signed_in

pytestmark = pytest.mark.django_db
assert TREE


@pytest.mark.requirement("X.14")
@pytest.mark.parametrize("flow", list(flows), ids=lambda flow: flow.code)
def test_the_picture_is_what_the_service_allows_for_every_state_and_role(flow: Flow) -> None:
    stage, picture = Stage(flow), draw(flow)
    assert {box.code for box in picture.boxes} == set(flow.states)
    assert {box.code for box in picture.boxes if box.final} == set(flow.final)
    assert [box.code for box in picture.boxes if box.first] == [flow.initial]
    viewer = stage._holder("bureau_safety")
    page = signed_in(viewer).get(f"/flows/{flow.code}/")
    assert page.status_code == 200
    rows = {row["name"]: row for row in page.context["rows"]}
    numbers = {row["number"]: row["name"] for row in rows.values()}
    drawn = {(numbers[arrow.number], arrow.title) for arrow in picture.arrows}
    assert drawn == {(step.name, step.title) for step in flow.moves.values()}
    titles = dict(Role.objects.values_list("code", "title"))
    for state, told in flow.states.items():
        for role, user in stage.people.items():
            record = stage.put(state)
            allowed = {step.name for step in moves_open_to(user, record)}
            shown = {
                name
                for name, row in rows.items()
                if told in row["sources"] and (role, titles[role], True) in row["by"]
                and not guarded(flow.moves[name], record, user)
            }  # fmt: skip
            assert allowed == shown, (state, role)
    for box in picture.boxes:
        assert 0 <= box.x <= picture.width - 132
        assert 0 <= box.y <= picture.height - 44


@pytest.mark.requirement("X.14")
def test_illegal_steps_are_refused_by_address_and_interface(county: County) -> None:  # noqa: F811
    loop = Loop(county)
    hazard = loop.hazard()
    bureau, school = signed_in(loop.bureau.user), signed_in(loop.school.user)
    for name in ("approve", "pass_recheck", "strike_off"):
        assert bureau.post(f"{hazard.get_absolute_url()}move/{name}").status_code == 409
        api = f"/api{hazard.get_absolute_url()}move/{name}"
        assert bureau.post(api, {"values": {}}, content_type="application/json").status_code == 409
        assert school.post(f"{hazard.get_absolute_url()}move/{name}").status_code == 403
        assert school.post(api, {"values": {}}, content_type="application/json").status_code == 403
    assert bureau.post(f"{hazard.get_absolute_url()}move/fly").status_code == 404


def adjusted(client: Any, **said: Any) -> Any:
    return client.post("/flows/safety.hazards/adjust", said)


@pytest.mark.requirement("X.14")
def test_a_later_edition_leaves_running_cases_as_they_began(county: County) -> None:  # noqa: F811
    loop = Loop(county)
    leader = county.person("li", "bureau_leader", "county")
    old = loop.rectify(loop.confirm(loop.hazard(title="旧的")))
    client = signed_in(loop.bureau.user)
    said = {"days-approve": "9", "asked-strike_off": "1", "by-strike_off": ["team_admin"]}
    made = adjusted(client, **said, **{"extra-approve": "township_officer"})
    assert made.status_code == 303
    town = county.actor("zhen", "township_officer", "town")
    page = client.get("/flows/safety.hazards/").content.decode()
    assert "第 1 版" in page
    assert re.search(r'name="days-approve"[^>]*value="9"', page)
    new = loop.rectify(loop.confirm(loop.hazard(title="新的")))
    assert (old.flow_edition, str(new.flow_edition)) == (None, "隐患 第 1 版")
    perform(loop.bureau, old, "approve")
    assert old.due_at is not None
    assert abs(old.due_at - due_in(5)) < timedelta(minutes=5)
    with pytest.raises(Conflict):
        perform(loop.bureau, new, "approve")
    assert "approve" not in {step.name for step in moves_open_to(loop.bureau.user, new)}
    assert todos_for(town.user).filter(verb="审批").count() == 1
    url = new.get_absolute_url()
    assert client.post(f"{url}approve/approve").status_code == 403
    assert "请您审批：审核通过" in signed_in(town.user).get(url).content.decode()
    assert signed_in(town.user).post(f"{url}approve/approve", {"opinion": "情况属实"}).status_code == 303
    assert not todos_for(town.user).filter(verb="审批").exists()
    new.refresh_from_db()
    perform(loop.bureau, new, "approve")
    assert new.due_at is not None
    assert abs(new.due_at - due_in(9)) < timedelta(minutes=5)
    for hazard in (old, new):
        perform(loop.inspector, hazard, "pass_recheck")
    perform(loop.bureau, old, "strike_off")
    with pytest.raises(Forbidden):
        perform(loop.bureau, new, "strike_off")
    perform(county.actor("zu", "team_admin", "county"), new, "strike_off")
    assert [step.title for step in steps_of(new)][2:4] == ["同意审核通过", "审核通过"]
    foreign = create(loop.bureau, Hazard(org=county.units["foreign"], title="邻县", category=county.category))
    assert foreign.flow_edition is None
    assert signed_in(leader).post("/flows/safety.hazards/adjust", {}).status_code == 403


@pytest.mark.requirement("X.14")
def test_what_goes_beyond_the_limits_is_refused(county: County) -> None:  # noqa: F811
    loop = Loop(county)
    client = signed_in(loop.bureau.user)
    for said in (
        {"days-approve": "0"}, {"days-approve": "900"}, {"days-approve": "三"}, {"asked-approve": "1"},
        {"extra-approve": "pupil"}, {"asked-approve": "1", "by-approve": ["pupil"]},
    ):  # fmt: skip
        assert adjusted(client, **said).status_code == 422, said
    assert not FlowEdition.objects.unscoped().exists()
    with pytest.raises(Rejected):
        create(loop.bureau, FlowEdition(org=county.units["county"], flow="no.such"))
    assert client.get("/flows/no.such/").status_code == 404
    assert signed_in(county.person("jiao", "staff", "school")).get("/flows/").status_code == 403

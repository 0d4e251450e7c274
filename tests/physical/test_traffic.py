"""Traffic safety facilities around schools, and requests to the department in charge (N2.06)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.domains.physical.traffic import TrafficFacility
from anlan.domains.physical.traffic_kinds import TrafficKind
from anlan.engines.audit.api import Actor, create
from anlan.engines.messaging.api import Message
from anlan.engines.org.api import Kind, OrgUnit
from anlan.kernel import clock
from tests.factories import a_tree, a_user
from tests.site_security.conftest import web
from tests.tasks.conftest import PNG

pytestmark = pytest.mark.django_db
URL = "/physical/traffic-facilities/"


@pytest.mark.requirement("N2.06")
def test_a_missing_sign_becomes_a_request_to_its_department_and_the_state_comes_back(
    settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    tree = a_tree()
    police = OrgUnit.objects.create(code="A2", name="晋江市公安局", kind=Kind.AGENCY, parent=tree.county)
    bureau = web(Actor.person(a_user("bureau_safety", tree.county), "web"))
    officer = web(Actor.person(a_user("school_safety", tree.school), "web"))
    traffic = Actor.person(a_user("agency_liaison", police), "web")
    brigade = web(Actor.person(a_user("agency_liaison", tree.agency), "web"))
    clerk = Actor.person(a_user("bureau_safety", tree.county), "web")
    sign, fence = (
        create(clerk, TrafficKind(org=tree.county, name=name, department=words, agency=agency))
        for name, words, agency in (("警示标志", "公安交管", police), ("隔离护栏", "城市管理", None))
    )

    def typed(kind: TrafficKind, **said: Any) -> dict[str, Any]:
        photo = SimpleUploadedFile("a.png", PNG, "image/png")
        body = {"org": tree.school.pk, "kind": kind.pk, "place": "南大门外 30 米", "condition": "missing"}
        found = body | {"defect": "没有设置", "photo": photo} | said
        return {name: value for name, value in found.items() if value != ""}

    form = officer.get(f"{URL}new").content.decode()
    assert form.count("选填") == 1, "the words on what is wrong; the photo is not optional"
    for wrong, words in (
        (typed(sign, photo=""), "现场照片：请上传"),
        (typed(sign, place=""), "位置："),
        (typed(sign, place="　 "), "位置："),
        (typed(sign, defect=""), "损坏或缺失的要写明情况"),
    ):
        answer = officer.post(f"{URL}new", wrong)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    plain = {name: value for name, value in typed(sign).items() if name != "photo"}
    assert officer.post(f"/api{URL}", json.dumps(plain), "application/json").status_code == 422
    assert not TrafficFacility.unguarded.exists()
    for kind in (sign, fence):
        assert officer.post(f"{URL}new", typed(kind)).status_code == 303
    row, rail = (TrafficFacility.unguarded.get(kind=kind) for kind in (sign, fence))

    def at(one: TrafficFacility, act: str) -> str:
        return f"{URL}{one.pk}/act/{act}"

    def state(one: TrafficFacility) -> dict[str, Any]:
        answer = bureau.get(f"/api{URL}{one.pk}").json()
        return {name: answer[name] for name in ("request", "department", "reply", "replied_on")}

    guest = web(traffic)
    assert guest.get(f"{URL}{row.pk}/").status_code == 404, "nothing is open before it was passed on"
    assert officer.post(at(row, "pass_on"), {}).status_code == 403
    for one in (row, rail):
        assert bureau.post(at(one, "pass_on"), {}).status_code == 303
        assert bureau.post(at(one, "pass_on"), {}).status_code == 409, "once"
    assert (state(row)["request"], state(row)["department"]) == ("已移交", "公安交管（晋江市公安局）")
    assert Message.objects.get(event="share.given").addressee == traffic.user, "the right department only"
    assert officer.get(f"{URL}{row.pk}/edit").status_code == 409, "it stays as it was passed on"
    done = {"stage": "settled", "text": "已补设标志两块"}
    assert brigade.post(at(row, "answer"), done).status_code == 404, "another department"
    assert guest.post(at(row, "answer"), {"stage": "settled"}).status_code == 422
    assert guest.post(at(row, "answer"), {"stage": "accepted", "text": "本周勘查"}).status_code == 303
    assert state(row)["request"] == "已受理"
    assert guest.post(at(row, "answer"), done).status_code == 303
    said = {"request": "已处理", "reply": "已补设标志两块", "replied_on": clock.today().isoformat()}
    assert {name: state(row)[name] for name in said} == said
    assert traffic.name in bureau.get(f"{URL}{row.pk}/").content.decode()
    assert guest.post(at(row, "answer"), done).status_code == 409, "said and done"
    assert guest.get(f"{URL}{rail.pk}/").status_code == 404

    today = clock.today()
    noted = {"stage": "declined", "text": "函复：路段未移交"}
    early = {"day": (today - timedelta(days=1)).isoformat()}
    assert bureau.post(at(rail, "note_reply"), noted | early).status_code == 422
    assert officer.post(at(rail, "note_reply"), noted | {"day": today.isoformat()}).status_code == 403
    assert bureau.post(at(rail, "note_reply"), noted | {"day": today.isoformat()}).status_code == 303
    assert (state(rail)["request"], state(rail)["department"]) == ("不受理", "城市管理")
    assert bureau.post(at(rail, "pass_on"), {"reason": "路段已移交"}).status_code == 303, "asked again"
    assert officer.post(at(row, "verify"), {"found": "fine"}).status_code == 303
    row.refresh_from_db()
    assert (row.condition, row.stage) == ("fine", "")

"""Devices of technical protection: registered with their position, filtered, imported, certified."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.base.vocabularies import Code
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.laying_out import set_up, take_down
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import Statement
from anlan.engines.audit.api import Actor, create
from anlan.engines.exchange.api import apply, prepare, target_of
from anlan.engines.exchange.sessions import ImportRow
from anlan.engines.registry.api import add, amend, ledgers
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_user
from tests.files.making import EXE, an_xlsx, upload
from tests.site_security.conftest import Ground, web

pytestmark = pytest.mark.django_db
URL = "/site-security/devices/"


def kind(code: str) -> Code:
    """A kind of the vocabulary."""
    return Code.objects.get(pk=f"tech_device_kind.{code}")


def a_device(
    ground: Ground, code: str, of: str = "camera", actor: Actor | None = None, **said: Any
) -> Device:
    """A device entered by the school's officer."""
    actor = actor or ground.officer
    values = {"org": actor.user.unit, "code": code, "kind": kind(of), "spot": "大门口"} | said
    device: Device = add(actor, ledgers["site_security.devices"], values)
    return device


def refusal(ground: Ground, of: str = "camera", **said: Any) -> list[str]:
    """The fields for which a device is refused."""
    with pytest.raises(Rejected) as why:
        a_device(ground, "X-1", of, **said)
    return sorted(why.value.fields)


def test_devices_are_kept_counted_and_told_apart_by_number(ground: Ground) -> None:
    device = a_device(ground, "JK-1")
    with pytest.raises((Rejected, Conflict)):
        a_device(ground, "JK-1")
    a_device(ground, "JK-1", actor=ground.stranger)
    officer, stranger = web(ground.officer), web(ground.stranger)
    address = device.get_absolute_url()
    assert "JK-1" in officer.get(address).content.decode()
    assert stranger.get(address).status_code == 404
    amend(ground.officer, ledgers["site_security.devices"], device, {"name": "大门枪机"})
    assert "共 1 台" in officer.get(URL).content.decode()
    assert "共 2 台" in web(ground.bureau).get(URL).content.decode()


@pytest.mark.requirement("D02.2")
def test_a_sheet_is_taken_row_by_row_and_given_back(ground: Ground) -> None:
    head = ["单位", "设备编号", "设备类型", "具体位置", "购置日期", "通道编号", "防区编号"]
    ahead = str(clock.today() + timedelta(days=1))
    rows = [
        ["S1", "JK-1", "枪型摄像机", "大门口", "2024-02-29", "D1", ""],
        ["S1", "BJ-1", "紧急报警按钮", "值班室", "2024-02-29", "", "01"],
        ["S1", "X-1", "望远镜", "大门口", "2024-02-29", "", ""],
        ["S1", "X-2", "枪型摄像机", "大门口", ahead, "", ""],
        ["S2", "X-3", "枪型摄像机", "大门口", "2024-02-29", "", ""],
    ]
    session = prepare(
        ground.officer, target_of("site_security.devices"), upload("设备.xlsx", an_xlsx(head, *rows))
    )
    problems = {row.number: set(row.problems) for row in ImportRow.bad_of(session)}
    assert problems == {4: {"kind"}, 5: {"bought_on"}, 6: {"org"}}
    apply(ground.officer, session, "good")
    assert set(Device.unguarded.values_list("code", "family")) == {("JK-1", "video"), ("BJ-1", "panic")}
    # Each family is registered, changed, found by type, position and state; others' devices stay unseen.
    gate = set_up(ground.officer, ground.survey(), kind=ground.kind("L03"), name="南门")
    camera, alarm = Device.unguarded.get(code="JK-1"), Device.unguarded.get(code="BJ-1")
    other = a_device(ground, "JK-9", actor=ground.stranger)
    made = [a_device(ground, "ZJ-1", "gate", passage="南门"), a_device(ground, "FK-1", "visitor")]
    officer = web(ground.officer)
    for device in (camera, alarm, *made):
        amend(ground.officer, ledgers["site_security.devices"], device, {"place": gate, "firm": "维保公司"})
        found = (f"kind={device.kind_id}", f"family={device.family}", f"place={gate.pk}", "state=in_use")
        for query in found:
            page = officer.get(f"{URL}?{query}&org={device.org_id}").content.decode()
            assert device.get_absolute_url() in page
        one = officer.get(f"{URL}?{'&'.join(found)}").content.decode()
        rest = {camera, alarm, *made, other} - {device}
        assert not any(f'{row.get_absolute_url()}"' in one for row in rest)
    sheet = officer.get(f"{URL}export", {"format": "csv"})
    text = b"".join(sheet).decode("utf-8-sig") if sheet.streaming else sheet.content.decode("utf-8-sig")
    assert all(device.code in text for device in (camera, alarm, *made))
    assert "JK-9" not in text


def test_what_cannot_be_is_refused_at_its_field(ground: Ground) -> None:
    ahead = clock.today() + timedelta(days=1)
    assert refusal(ground, bought_on=ahead) == ["bought_on"]
    assert refusal(ground, spot="") == ["spot"]
    assert refusal(ground, spot="二楼女厕所") == ["spot"]
    assert refusal(ground, "gate", channel="D1") == ["channel"]
    there = set_up(
        ground.stranger, ground.survey(ground.tree.sister_school), kind=ground.kind("L03"), name="门"
    )
    assert refusal(ground, place=there) == ["place"]
    gate = set_up(ground.officer, ground.survey(), kind=ground.kind("L03"), name="南门")
    a_device(ground, "gate", place=gate)
    with pytest.raises(Conflict):
        take_down(ground.officer, gate)
    a_device(ground, "ok", spot="厕所门外走廊")
    camera = a_device(ground, "cam")
    with pytest.raises(Rejected):
        amend(ground.officer, ledgers["site_security.devices"], camera, {"kind": kind("gate")})


@pytest.mark.requirement("N1.26")
def test_devices_without_valid_certificate_are_listed_and_a_risk_is_reported(ground: Ground) -> None:
    today = clock.today()
    said = {"product": "枪机", "kind": "强制性产品认证"}
    valid, old = (
        create(
            ground.officer,
            Certificate(org=ground.tree.school, number=number, valid_to=today + timedelta(days=days), **said),
        )
        for number, days in (("C-1", 9), ("C-2", -1))
    )
    fine = a_device(ground, "fine", certificate=valid)
    expired = a_device(ground, "expired", certificate=old)
    none = a_device(ground, "none")
    officer = web(ground.officer)
    page = officer.get(f"{URL}?uncertified=1").content.decode()
    assert expired.get_absolute_url() in page
    assert none.get_absolute_url() in page
    assert fine.get_absolute_url() not in page
    certified = Statement.unguarded.get(survey=ground.survey(), requirement__code="B12")
    with pytest.raises(Rejected, match="没有有效的产品证书"):
        state(ground.officer, ground.survey(), {certified.pk: Said("met", device="1 号")})
    for device in (expired, none):
        amend(ground.officer, ledgers["site_security.devices"], device, {"certificate": valid})
    state(ground.officer, ground.survey(), {certified.pk: Said("met", device="1 号")})
    scan = {"scan": upload("证书.pdf", EXE), "number": "C-3", "org": ground.tree.school.pk, **said}
    forbidden = officer.post("/site-security/certificates/new", scan)
    assert forbidden.status_code == 422
    assert not Certificate.unguarded.filter(number="C-3").exists()
    address, survey = fine.get_absolute_url(), ground.survey()
    harmless = Statement.unguarded.get(survey=survey, requirement__code="B13")
    assert officer.post(f"{address}act/report_risk", {"risk": "支架松动"}).status_code == 303
    assert address in officer.get(f"{URL}?risky=1").content.decode()
    with pytest.raises(Rejected) as why:
        state(ground.officer, survey, {harmless.pk: Said("met", device="1 号")})
    assert list(why.value.fields) == [f"verdict-{harmless.pk}"]
    assert officer.post(f"{address}act/clear_risk", {"note": "已加固"}).status_code == 303
    assert address not in officer.get(f"{URL}?risky=1").content.decode()
    state(ground.officer, survey, {harmless.pk: Said("met", device="1 号")})
    results = []
    for act, body in (("report_risk", {"risk": "漏电"}), ("clear_risk", {"note": "已更换"})):
        assert officer.post(f"{address}act/{act}", body).status_code == 303
        harmless.refresh_from_db()
        results.append((harmless.verdict, harmless.result))
    assert results == [("met", "not_met"), ("met", "met")], "blocked while the risk lasts"


def test_the_viewer_may_not_enter_devices(ground: Ground) -> None:
    contact = web(Actor.person(a_user("school_contact", ground.tree.school), "web"))
    assert contact.get(URL).status_code == 200
    assert contact.get(f"{URL}new").status_code == 403

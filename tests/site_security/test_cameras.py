"""Cameras and the places they serve: working, with images proved by day and night, never in private rooms."""

from typing import Any

import pytest

from anlan.base.people import Person
from anlan.domains.site_security.device_checks import DeviceCheck, items_of
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.laying_out import set_up
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import KeyPlace, Statement
from anlan.engines.registry.api import RiskCategory, amend, ledgers
from anlan.kernel import clock
from tests.files.making import a_picture, upload
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device, refusal

pytestmark = pytest.mark.django_db
IMAGES = ("day_live", "night_live", "day_playback", "night_playback")


def place(ground: Ground, code: str, name: str) -> KeyPlace:
    """A place of the school, everything asked of it stated as met."""
    made = set_up(ground.officer, ground.survey(), kind=ground.kind(code), name=name)
    rows = Statement.unguarded.filter(place=made, measure="video", archived_at=None)
    state(ground.officer, ground.survey(), {row.pk: Said("met", device="1 号") for row in rows})
    return made


def results(made: KeyPlace) -> list[str]:
    """What counts for the place's requirements of video."""
    rows = Statement.unguarded.filter(place=made, measure="video", archived_at=None)
    return list(rows.order_by("requirement").values_list("result", flat=True))


def checked(ground: Ground, device: Device, actor: Any = None, **said: str) -> Any:
    """A check of the camera with a sample image; what is not said passes, images not said were not looked at."""
    answers = {
        item.code: said.get(item.code, "na" if item.code in IMAGES else "pass") for item in items_of(device)
    }
    body = answers | {"photo": upload("样图.jpg", a_picture())}
    return web(actor or ground.inspector).post(f"{device.get_absolute_url()}act/check", body)


@pytest.mark.requirement("N1.17")
def test_each_place_needs_a_camera_that_works_now(ground: Ground) -> None:
    kitchen, exits = place(ground, "L08", "一食堂"), place(ground, "L06", "教学楼东门")
    assert results(exits) == ["met"], "no camera is registered yet: the school is taken at its word"
    camera = a_device(ground, "JK-1", place=kitchen, spot="操作间")
    assert results(exits) == ["not_met"], "every place needs its own"
    assert results(kitchen)[0] == "met"
    a_device(ground, "JK-2", place=exits, spot="门厅")
    recorder = a_device(ground, "LX-1", "recorder", place=exits, spot="机柜")
    assert (results(exits), recorder.is_camera) == (["met"], False)
    checked(ground, camera, day_live="pass", day_playback="pass")
    assert results(kitchen) == ["met", "met"], "one camera serves both requirements of its place"
    officer, address = web(ground.officer), camera.get_absolute_url()
    for act, found in (("go_offline", ["not_met", "not_met"]), ("go_online", ["met", "met"])):
        assert officer.post(f"{address}act/{act}").status_code == 303
        assert results(kitchen) == found
    row = Statement.unguarded.filter(place=kitchen, measure="video").first()
    assert row is not None
    assert "JK-1" in officer.get(row.get_absolute_url()).content.decode()
    camera.refresh_from_db()
    amend(ground.officer, ledgers["site_security.devices"], camera, {"place": exits})
    assert results(kitchen) == ["not_met", "not_met"]
    # Nobody is filmed where they undress, sleep or wash, however the place is called.
    assert refusal(ground, spot="二楼女厕所") == ["spot"]
    dormitory = place(ground, "L07", "女生寝室")
    assert refusal(ground, place=dormitory, spot="靠窗一侧") == ["spot"]
    a_device(ground, "JK-3", place=dormitory, spot="楼层走廊")


@pytest.mark.requirement("N1.10")
def test_images_at_the_gate_are_proved_by_day_and_by_night(ground: Ground) -> None:
    outside, gate = place(ground, "L01", "接送区"), place(ground, "L03", "大门")
    cameras = [a_device(ground, f"JK-{made.pk}", place=made, spot="立杆") for made in (outside, gate)]
    by_day = {"day_live": "pass", "day_playback": "pass"}
    for made, camera in zip((outside, gate), cameras, strict=True):
        assert results(made) == ["unproved"]
        assert checked(ground, camera, **by_day).status_code == 303
        assert results(made) == ["unproved"], "nobody looked by night"
        row = Statement.unguarded.get(place=made, measure="video")
        assert "缺少夜间实时、夜间回放" in web(ground.officer).get(row.get_absolute_url()).content.decode()
        checked(ground, camera, night_live="pass")
        assert results(made) == ["unproved"], "live and playback are judged separately"
        checked(ground, camera, night_playback="pass")
        assert results(made) == ["met"]
    RiskCategory.unguarded.create(org=ground.tree.county, code="facility", title="设施设备")
    checked(ground, cameras[1], night_playback="fail")
    assert results(gate) == ["not_met"]
    # Whoever keeps the camera does not judge its images.
    keeper = Person.unguarded.create(org=ground.tree.school, name="管理员", account=ground.officer.user)
    amend(ground.officer, ledgers["site_security.devices"], cameras[0], {"keeper": keeper})
    before = DeviceCheck.unguarded.count()
    assert checked(ground, cameras[0], ground.officer, **by_day).status_code == 422
    assert DeviceCheck.unguarded.count() == before


@pytest.mark.requirement("N1.11")
def test_images_are_judged_by_the_grade_the_place_demands(ground: Ground) -> None:
    RiskCategory.unguarded.create(org=ground.tree.county, code="facility", title="设施设备")
    inspector, asked = web(ground.inspector), {}
    for code, spot in (("L01", "接送区"), ("L03", "大门"), ("L05", "操场"), ("L07", "宿舍出入口")):
        camera = a_device(
            ground, code, place=place(ground, code, spot), spot="立杆", installed_on=clock.today()
        )
        form = inspector.get(f"{camera.get_absolute_url()}act/check").content.decode()
        asked[code] = [words for words in ("活动情况", "治安秩序", "车牌号", "体貌特征") if words in form]
    assert asked == {
        "L01": ["治安秩序"],
        "L03": ["车牌号", "体貌特征"],
        "L05": ["活动情况"],
        "L07": ["体貌特征"],
    }
    gate = Device.unguarded.get(code="L03")
    assert (gate.next_check, (gate.next_on - clock.today()).days > 26) == ("图像质量核验", True), "monthly"
    bare = {item.code: "pass" for item in items_of(gate)}
    refused = inspector.post(f"{gate.get_absolute_url()}act/check", bare)
    assert (refused.status_code, "要附样图" in refused.content.decode()) == (422, True)
    assert not DeviceCheck.unguarded.exists()
    assert checked(ground, gate, day_live="pass", night_live="fail").status_code == 303
    check, order = DeviceCheck.unguarded.get(), Repair.unguarded.get()
    assert (check.grade, check.passed) == ("person_vehicle", False)
    assert (order.device, order.found_by) == (gate, "check")
    assert (order.restore_by - order.started_at).total_seconds() == 24 * 3600
    assert (
        check.get_absolute_url() in inspector.get("/site-security/device-checks/?passed=0").content.decode()
    )
